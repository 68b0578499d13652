"""An ONNX graph under construction, with the building blocks of a transformer.

Node and constant names are counted up in the order of calls. They are part of the written bytes, so the order of calls
in encoder.py and decoder.py is part of the pinned checksums.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .ctranslate2_weights import WhisperWeights

OPSET = 17
IR_VERSION = 8


class Graph:
    def __init__(self, weights: WhisperWeights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, value, name: str | None = None) -> str:
        """Adds an array; a name that is already there stands for the array added first."""
        name = name or f"c{len(self.constants)}"
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(np.asarray(value)), name)
        return name

    def integers(self, *values: int) -> str:
        name = "i_" + "_".join(map(str, values)).replace("-", "m")
        return self.constant(np.array(values, np.int64), name)

    def scalar(self, value: float, name: str) -> str:
        return self.constant(np.float32(value), name)

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes) -> str:
        (result,) = self.nodes_of(kind, inputs, [output] if output else None, 1, **attributes)
        return result

    def nodes_of(
        self, kind: str, inputs: list[str], outputs: list[str] | None, output_count: int, **attributes
    ) -> list[str]:
        number = len(self.nodes) + 1
        outputs = outputs or [f"{kind}_{number}_{index}" for index in range(output_count)]
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=f"n{number}_{kind}", **attributes))
        return outputs

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        product = self.node("MatMul", [x, self.constant(weight.T)])
        return self.node("Add", [product, self.constant(bias)])

    def named_linear(self, x: str, name: str) -> str:
        """The layer whose arrays are NAME/weight and NAME/bias."""
        return self.linear(x, self.weights[f"{name}/weight"], self.weights[f"{name}/bias"])

    def layer_norm(self, x: str, name: str) -> str:
        gamma = self.constant(self.weights[f"{name}/gamma"])
        beta = self.constant(self.weights[f"{name}/beta"])
        return self.node("LayerNormalization", [x, gamma, beta], axis=-1, epsilon=1e-5)

    def gelu(self, x: str) -> str:
        """x · (1 + erf(x / √2)) / 2, the exact form that Whisper was trained with."""
        error = self.node("Erf", [self.node("Div", [x, self.scalar(np.sqrt(2), "sqrt2")])])
        error = self.node("Add", [error, self.scalar(1, "one")])
        return self.node("Mul", [self.node("Mul", [x, error]), self.scalar(0.5, "half")])

    def feed_forward(self, x: str, name: str) -> str:
        hidden = self.gelu(self.named_linear(x, f"{name}/linear_0"))
        return self.named_linear(hidden, f"{name}/linear_1")

    def split_heads(self, x: str, permutation: list[int]) -> str:
        heads = self.weights.head_count
        shape = self.integers(0, -1, heads, self.weights.width // heads)
        return self.node("Transpose", [self.node("Reshape", [x, shape])], perm=permutation)

    def attention(self, query: str, key: str, value: str, mask: str | None = None) -> str:
        head_width = self.weights.width // self.weights.head_count
        scaled = self.node("Mul", [query, self.scalar(head_width**-0.5, "scale")])
        query = self.split_heads(scaled, [0, 2, 1, 3])
        key = self.split_heads(key, [0, 2, 3, 1])
        value = self.split_heads(value, [0, 2, 1, 3])
        scores = self.node("MatMul", [query, key])
        if mask is not None:
            scores = self.node("Add", [scores, mask])
        mixed = self.node("MatMul", [self.node("Softmax", [scores], axis=-1), value])
        joined = self.node("Transpose", [mixed], perm=[0, 2, 1, 3])
        return self.node("Reshape", [joined, self.integers(0, -1, self.weights.width)])

    def query_key_value(self, x: str, layer: str) -> list[str]:
        """Self-attention inputs of one layer from its one joined projection."""
        normed = self.layer_norm(x, f"{layer}/self_attention/layer_norm")
        joined = self.named_linear(normed, f"{layer}/self_attention/linear_0")
        return self.nodes_of("Split", [joined], None, 3, axis=-1)

    def model(self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, "g", inputs, outputs, list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model
