"""The encoder: log-mel frames in, the decoder's cross-attention keys and values out."""

import onnx
from onnx import TensorProto, helper

from .ctranslate2_weights import WhisperWeights
from .graph import Graph


def build_encoder(weights: WhisperWeights) -> onnx.ModelProto:
    """Input `mel` [n_audio, mels, T]; outputs `n_layer_cross_k` and `_v` [layers, n_audio, T/2, width]."""
    graph = Graph(weights)
    x = convolutions(graph)
    x = add_positions(graph, x)
    for index in range(weights.layer_count("encoder")):
        x = encoder_layer(graph, x, f"encoder/layer_{index}")
    x = graph.layer_norm(x, "encoder/layer_norm")
    cross_attention_inputs(graph, x)

    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["n_audio", weights.mel_count, "T"])
    shape = [weights.layer_count("decoder"), "n_audio", "T2", weights.width]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name in ("n_layer_cross_k", "n_layer_cross_v")
    ]
    return graph.model([mel], outputs)


def convolutions(graph: Graph) -> str:
    x = "mel"
    for name, attributes in (("conv1", {}), ("conv2", {"strides": [2]})):
        weight = graph.constant(graph.weights[f"encoder/{name}/weight"])
        bias = graph.constant(graph.weights[f"encoder/{name}/bias"])
        x = graph.gelu(graph.node("Conv", [x, weight, bias], kernel_shape=[3], pads=[1, 1], **attributes))
    return x


def add_positions(graph: Graph, x: str) -> str:
    """Adds as many position encodings as there are frames, so that short audio costs little."""
    x = graph.node("Transpose", [x], perm=[0, 2, 1])
    frame_count = graph.node("Slice", [graph.node("Shape", [x]), graph.integers(1), graph.integers(2)])
    table = graph.constant(graph.weights["encoder/position_encodings/encodings"])
    positions = graph.node("Slice", [table, graph.integers(0), frame_count, graph.integers(0)])
    return graph.node("Add", [x, positions])


def encoder_layer(graph: Graph, x: str, layer: str) -> str:
    query, key, value = graph.query_key_value(x, layer)
    heard = graph.named_linear(graph.attention(query, key, value), f"{layer}/self_attention/linear_1")
    x = graph.node("Add", [x, heard])
    normed = graph.layer_norm(x, f"{layer}/ffn/layer_norm")
    return graph.node("Add", [x, graph.feed_forward(normed, f"{layer}/ffn")])


def cross_attention_inputs(graph: Graph, x: str) -> None:
    """CTranslate2 keeps keys and values of a decoder layer in one projection: the first half are the keys."""
    width = graph.weights.width
    keys: list[str] = []
    values: list[str] = []
    for index in range(graph.weights.layer_count("decoder")):
        weight = graph.weights[f"decoder/layer_{index}/attention/linear_1/weight"]
        bias = graph.weights[f"decoder/layer_{index}/attention/linear_1/bias"]
        for target, half in ((keys, slice(None, width)), (values, slice(width, None))):
            projected = graph.linear(x, weight[half], bias[half])
            target.append(graph.node("Unsqueeze", [projected, graph.integers(0)]))
    graph.node("Concat", keys, output="n_layer_cross_k", axis=0)
    graph.node("Concat", values, output="n_layer_cross_v", axis=0)
