"""The decoder: tokens and caches in, the next token's scores and longer caches out."""

import numpy as np
import onnx
from onnx import TensorProto, helper

from .ctranslate2_weights import WhisperWeights
from .graph import Graph


def build_decoder(weights: WhisperWeights) -> onnx.ModelProto:
    """Input and output names and shapes are those of sherpa-onnx's own exporter (scripts/whisper/export-onnx.py)."""
    graph = Graph(weights)
    embeddings = weights["decoder/embeddings/weight"]
    x = embed_tokens(graph, embeddings)
    count = graph.node("Slice", [graph.node("Shape", ["tokens"]), graph.integers(1), graph.integers(2)])
    end = graph.node("Add", ["offset", count])
    x = add_positions(graph, x, end)
    mask = causal_mask(graph, end)

    key_caches: list[str] = []
    value_caches: list[str] = []
    for index in range(weights.layer_count("decoder")):
        x = decoder_layer(graph, x, index, end, mask, key_caches, value_caches)

    # sherpa-onnx reads only the last position, so only that one is scored.
    x = graph.node("Slice", [x, graph.integers(-1), graph.integers(2**31 - 1), graph.integers(1)])
    x = graph.layer_norm(x, "decoder/layer_norm")
    graph.node("MatMul", [x, graph.constant(embeddings.T)], output="logits")
    graph.node("Concat", key_caches, output="out_n_layer_self_k_cache", axis=0)
    graph.node("Concat", value_caches, output="out_n_layer_self_v_cache", axis=0)
    return graph.model(*interface(weights))


def interface(weights: WhisperWeights) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    layers, width = weights.layer_count("decoder"), weights.width
    cache = [layers, "n_audio", weights.text_context, width]
    cross = [layers, "n_audio", "T2", width]
    info = helper.make_tensor_value_info
    inputs = [
        info("tokens", TensorProto.INT64, ["n_audio", "n_tokens"]),
        info("in_n_layer_self_k_cache", TensorProto.FLOAT, cache),
        info("in_n_layer_self_v_cache", TensorProto.FLOAT, cache),
        info("n_layer_cross_k", TensorProto.FLOAT, cross),
        info("n_layer_cross_v", TensorProto.FLOAT, cross),
        info("offset", TensorProto.INT64, [1]),
    ]
    outputs = [
        info("logits", TensorProto.FLOAT, ["n_audio", 1, weights.vocabulary_size]),
        info("out_n_layer_self_k_cache", TensorProto.FLOAT, cache),
        info("out_n_layer_self_v_cache", TensorProto.FLOAT, cache),
    ]
    return inputs, outputs


def embed_tokens(graph: Graph, embeddings: np.ndarray) -> str:
    """Looks tokens up in a table of 8-bit integers with one scale a row: a quarter of the memory of floats."""
    scale = np.maximum(np.abs(embeddings).max(1, keepdims=True) / 127, 1e-9).astype(np.float32)
    table = np.clip(np.rint(embeddings / scale), -127, 127).astype(np.int8)
    rows = graph.node("Gather", [graph.constant(table), "tokens"], axis=0)
    rows = graph.node("Cast", [rows], to=TensorProto.FLOAT)
    scales = graph.node("Gather", [graph.constant(scale), "tokens"], axis=0)
    return graph.node("Mul", [rows, scales])


def add_positions(graph: Graph, x: str, end: str) -> str:
    table = graph.constant(graph.weights["decoder/position_encodings/encodings"])
    return graph.node("Add", [x, graph.node("Slice", [table, "offset", end, graph.integers(0)])])


def causal_mask(graph: Graph, end: str) -> str:
    """Rows of the new tokens, columns of everything up to the last of them; -inf where a token would see ahead."""
    size = graph.weights.text_context
    full = graph.constant(np.triu(np.full((size, size), -np.inf, np.float32), 1))
    rows = graph.node("Slice", [full, "offset", end, graph.integers(0)])
    return graph.node("Slice", [rows, graph.integers(0), end, graph.integers(1)])


def decoder_layer(
    graph: Graph, x: str, index: int, end: str, mask: str, key_caches: list[str], value_caches: list[str]
) -> str:
    layer = f"decoder/layer_{index}"
    query, new_key, new_value = graph.query_key_value(x, layer)
    key = extend_cache(graph, "in_n_layer_self_k_cache", index, new_key, end, key_caches)
    value = extend_cache(graph, "in_n_layer_self_v_cache", index, new_value, end, value_caches)
    said = graph.named_linear(graph.attention(query, key, value, mask), f"{layer}/self_attention/linear_1")
    x = graph.node("Add", [x, said])

    query = graph.named_linear(graph.layer_norm(x, f"{layer}/attention/layer_norm"), f"{layer}/attention/linear_0")
    key, value = (pick_layer(graph, f"n_layer_cross_{side}", index) for side in "kv")
    heard = graph.named_linear(graph.attention(query, key, value), f"{layer}/attention/linear_2")
    x = graph.node("Add", [x, heard])

    normed = graph.layer_norm(x, f"{layer}/ffn/layer_norm")
    return graph.node("Add", [x, graph.feed_forward(normed, f"{layer}/ffn")])


def pick_layer(graph: Graph, stacked: str, index: int) -> str:
    one = graph.node("Slice", [stacked, graph.integers(index), graph.integers(index + 1), graph.integers(0)])
    return graph.node("Squeeze", [one, graph.integers(0)])


def extend_cache(graph: Graph, stacked: str, index: int, new: str, end: str, written: list[str]) -> str:
    """Puts the new rows at `offset`; returns all rows so far and appends the full-length cache to `written`."""
    cache = pick_layer(graph, stacked, index)
    before = graph.node("Slice", [cache, graph.integers(0), "offset", graph.integers(1)])
    current = graph.node("Concat", [before, new], axis=1)
    after = graph.node("Slice", [cache, end, graph.integers(graph.weights.text_context), graph.integers(1)])
    whole = graph.node("Concat", [current, after], axis=1)
    written.append(graph.node("Unsqueeze", [whole, graph.integers(0)]))
    return current
