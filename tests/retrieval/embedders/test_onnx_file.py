"""The file of a graph: what ONNX Runtime computes from it is what was asked for."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from agentlab.retrieval.embedders import onnx_file
from agentlab.retrieval.embedders.onnx_file import Graph


def a_graph() -> bytes:
    """Adds 3 numbers to the mean of the tokens' rows, negative integers and floats in between."""
    graph = Graph("small")
    table = graph.constant("table", np.arange(12, dtype=np.float32).reshape(4, 3))
    assert graph.constant("table", np.zeros((4, 3), np.float32)) == table
    rows = graph.node("Gather", table, "tokens", axis=0)
    norm = graph.node(
        "LayerNormalization", rows, graph.constant("one", np.ones(3, np.float32)), axis=-1,
        epsilon=0.5,
    )  # fmt: skip
    left, right = graph.nodes(
        "Split", norm, graph.constant("sizes", np.array([1, 2])), outputs=("", ""), axis=1
    )
    joined = graph.node("Concat", right, left, axis=-1)
    graph.node(
        "ReduceMean", joined, graph.constant("first", np.array([0])), output="vector", keepdims=0
    )
    return graph.to_bytes(tokens="tokens", vector="vector", dimensions=3)


def test_onnx_runtime_computes_the_graph() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(a_graph(), providers=["CPUExecutionProvider"])
    (vector,) = session.run(None, {"tokens": np.array([3, 0])})

    row = np.array([0, 1, -1]) / np.sqrt(2 / 3 + 0.5)
    assert vector.tolist() == pytest.approx(row.tolist(), abs=1e-6)


def test_the_checker_of_the_format_finds_nothing_to_complain_of() -> None:
    onnx = pytest.importorskip("onnx")

    onnx.checker.check_model(a_graph(), full_check=True)


def test_equal_graphs_are_equal_bytes() -> None:
    assert a_graph() == a_graph()


def test_the_examples_are_true() -> None:
    assert doctest.testmod(onnx_file).failed == 0
