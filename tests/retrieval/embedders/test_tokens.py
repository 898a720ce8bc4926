"""Tokens are the model's own, neither padded nor cut but where we say so."""

from __future__ import annotations

import sys

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.tokens import Tokens
from tests.retrieval.embedders.conftest import WORDS


def spelled(model: Checkpoint, text: str, max_tokens: int = 12) -> str:
    return " ".join(WORDS[number] for number in Tokens(model, max_tokens).numbers(text))


def test_a_text_is_cut_into_pieces_between_its_marks(model: Checkpoint) -> None:
    assert spelled(model, "Send mails!") == "[CLS] send mail ##s [UNK] [SEP]"
    assert spelled(model, "") == "[CLS] [SEP]"


def test_a_long_text_is_cut_at_its_end(model: Checkpoint) -> None:
    assert spelled(model, "a to a to a to", 4) == "[CLS] a to [SEP]"


def test_without_the_package_the_extra_is_named(
    model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)

    with pytest.raises(InputError, match=r"agentlab-autoresearch\[retrieval\]"):
        Tokens(model, 12)
