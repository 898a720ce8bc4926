"""Vectors without weights are near where words or parts of words are shared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval.embedders.hashing import HashEmbedder

EMBEDDER = HashEmbedder()
ROOT = Path(__file__).parents[3]


def nearness(first: str, second: str) -> float:
    one, other = EMBEDDER.embed([first, second])
    return float(one @ other)


def test_shared_words_are_near_and_parts_of_words_nearer_than_nothing() -> None:
    assert nearness("Send a mail", "send A MAIL!") > 0.999
    assert nearness("list all payments", "the payment list") > 0.5
    assert nearness("payment", "payments") > 0.4
    assert abs(nearness("payment", "zebra")) < 0.25


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_a_vector_depends_on_its_text_alone(texts: list[str]) -> None:
    together = EMBEDDER.embed(texts)
    alone = np.concatenate([HashEmbedder().embed([text]) for text in texts])

    assert (together == alone).all()
    lengths = np.linalg.norm(together, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))


def test_text_without_letters_or_digits_is_zero() -> None:
    assert not EMBEDDER.embed(["", " _-! "]).any()


def test_another_python_gives_the_same_numbers() -> None:
    program = (
        "from agentlab.retrieval.embedders.hashing import HashEmbedder;"
        "print(HashEmbedder().embed(['send a mail']).tobytes().hex())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
    ).stdout  # fmt: skip

    assert EMBEDDER.embed(["send a mail"]).tobytes().hex() == other.strip()


def test_its_key_tells_the_size() -> None:
    assert HashEmbedder().key == HashEmbedder().key
    assert HashEmbedder(dimensions=256).key != HashEmbedder(dimensions=512).key
    assert HashEmbedder(dimensions=256).embed(["mail"]).shape == (1, 256)
