"""A BERT's encoder as an ONNX graph: from the tokens of one text to its vector of norm 1.

As int8, the weights of each output channel have a scale of their own and seven bits, so that two
products fit the 16-bit sums of processors without VNNI; the rows of the token table have a scale
each. What goes through a layer is quantised as it comes, by its own range.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from agentlab.retrieval.embedders.checkpoint import Architecture
from agentlab.retrieval.embedders.embedder import Matrix
from agentlab.retrieval.embedders.onnx_file import VENDOR, Graph

__all__ = ["INPUT", "OUTPUT", "Quantisation", "onnx_bert"]

Quantisation = Literal["fp32", "int8"]

INPUT = "tokens"
OUTPUT = "vector"

_MOST = 64
"""The largest quantised weight: seven bits and a sign."""

_MOST_OF_TABLE = 127


def onnx_bert(
    weights: Mapping[str, Matrix], shape: Architecture, quantisation: Quantisation
) -> bytes:
    """Returns the file of the graph, with the weights in it."""
    return _Bert(weights, shape, quantisation).to_bytes()


class _Bert:
    """A graph in the making, layer after layer."""

    def __init__(
        self, weights: Mapping[str, Matrix], shape: Architecture, quantisation: Quantisation
    ) -> None:
        self._weights = weights
        self._shape = shape
        self._is_int8 = quantisation == "int8"
        self._graph = Graph("bert")

    def to_bytes(self) -> bytes:
        """Returns the whole file."""
        graph = self._graph
        states = self._embeddings()
        for number in range(self._shape.num_hidden_layers):
            states = self._layer(f"encoder.layer.{number}", states)
        first = graph.constant("first", np.array([0]))
        mean = graph.node("ReduceMean", states, first, keepdims=0)
        length = graph.node("ReduceL2", mean, keepdims=1)
        graph.node("Div", mean, length, output=OUTPUT)
        return graph.to_bytes(tokens=INPUT, vector=OUTPUT, dimensions=self._shape.hidden_size)

    def _embeddings(self) -> str:
        graph, weights = self._graph, self._weights
        places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        table = graph.constant("places", places)
        start, count = graph.constant("first", np.array([0])), graph.node("Shape", INPUT)
        place = graph.node("Slice", table, start, count, start)
        word = self._rows("words", weights["embeddings.word_embeddings.weight"])
        return self._norm("embeddings.LayerNorm", graph.node("Add", word, place))

    def _rows(self, name: str, table: Matrix) -> str:
        """Looks up the rows of the tokens."""
        graph = self._graph
        if not self._is_int8:
            return graph.node("Gather", graph.constant(name, table), INPUT)
        scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(_MOST_OF_TABLE)
        steps = np.rint(table / np.maximum(scales, np.finfo(np.float32).tiny)).astype(np.int8)
        row = graph.node("Gather", graph.constant(name, steps), INPUT)
        scale = graph.node("Gather", graph.constant(f"{name}.scale", scales), INPUT)
        return graph.node("Mul", graph.node("Cast", row, to=1), scale)

    def _layer(self, layer: str, states: str) -> str:
        graph = self._graph
        mixed = self._dense(
            f"{layer}.attention.output.dense", self._attend(f"{layer}.attention.self", states)
        )
        mixed = self._norm(f"{layer}.attention.output.LayerNorm", graph.node("Add", mixed, states))
        inner = graph.node("Gelu", self._dense(f"{layer}.intermediate.dense", mixed))
        outer = self._dense(f"{layer}.output.dense", inner)
        return self._norm(f"{layer}.output.LayerNorm", graph.node("Add", outer, mixed))

    def _attend(self, name: str, states: str) -> str:
        """Mixes each token with the others; queries, keys and values are one product."""
        graph, heads = self._graph, self._shape.num_attention_heads
        width = self._shape.hidden_size // heads
        parts = graph.node(
            "Reshape",
            self._dense(name, states, ("query", "key", "value")),
            graph.constant("by_head", np.array([-1, 3, heads, width])),
        )
        one_each = graph.constant("one_each", np.array([1, 1, 1]))
        query, key, value = (
            graph.node("Squeeze", part, graph.constant("second", np.array([1])))
            for part in graph.nodes("Split", parts, one_each, outputs=("", "", ""), axis=1)
        )
        query = graph.node("Transpose", query, perm=(1, 0, 2))
        key = graph.node("Transpose", key, perm=(1, 2, 0))
        value = graph.node("Transpose", value, perm=(1, 0, 2))
        scale = graph.constant("scale", np.array(1 / np.sqrt(width), dtype=np.float32))
        shares = graph.node("Softmax", graph.node("MatMul", graph.node("Mul", query, scale), key))
        mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=(1, 0, 2))
        whole = graph.constant("whole", np.array([-1, self._shape.hidden_size]))
        return graph.node("Reshape", mixed, whole)

    def _dense(self, name: str, states: str, parts: tuple[str, ...] = ()) -> str:
        """Multiplies by the weights of a layer, or of several side by side, and adds the bias."""
        graph = self._graph
        names = [f"{name}.{part}" for part in parts] or [name]
        matrix = np.concatenate([self._weights[f"{each}.weight"] for each in names]).T
        bias = graph.constant(
            f"{name}.bias", np.concatenate([self._weights[f"{each}.bias"] for each in names])
        )
        if not self._is_int8:
            product = graph.node("MatMul", states, graph.constant(f"{name}.weight", matrix))
            return graph.node("Add", product, bias)
        scales = np.abs(matrix).max(axis=0) / np.float32(_MOST)
        steps = np.rint(matrix / np.maximum(scales, np.finfo(np.float32).tiny)).astype(np.int8)
        return graph.node(
            "DynamicQuantizeMatMul",
            states,
            graph.constant(f"{name}.weight", steps),
            graph.constant(f"{name}.scale", scales),
            "",
            bias,
            domain=VENDOR,
        )

    def _norm(self, name: str, states: str) -> str:
        graph = self._graph
        return graph.node(
            "LayerNormalization",
            states,
            graph.constant(f"{name}.weight", self._weights[f"{name}.weight"]),
            graph.constant(f"{name}.bias", self._weights[f"{name}.bias"]),
            axis=-1,
            epsilon=self._shape.layer_norm_eps,
        )
