"""BM25 finds shared words, stemmed or not, and nothing where there are none."""

from __future__ import annotations

import doctest
import math
import sys

import pytest

from agentlab.errors import InputError
from agentlab.retrieval import lexical
from agentlab.retrieval.lexical import LexicalIndex

pytest.importorskip("bm25s")

TEXTS = ["Sends mails to customers", "Lists the files of a folder", "Deletes a file", ""]


def test_the_document_that_shares_words_scores_highest() -> None:
    index = LexicalIndex(TEXTS, is_stemmed=False)

    assert index.scores("all files in this folder").argmax() == 1
    assert index.scores("all files in this folder")[3] == 0


def test_scores_are_those_of_the_formula() -> None:
    index = LexicalIndex(["red red car", "blue car", "green tree"], is_stemmed=False)
    lengths, average, k1, b = [3, 2, 2], 7 / 3, 1.5, 0.75
    inverse = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = inverse * 2 / (2 + k1 * (1 - b + b * lengths[0] / average))

    assert index.scores("red").tolist() == pytest.approx([expected, 0, 0], rel=1e-4)


def test_stems_meet_where_pystemmer_is_there() -> None:
    pytest.importorskip("Stemmer")

    assert LexicalIndex(TEXTS).scores("mailing a customer").argmax() == 0
    assert LexicalIndex(TEXTS, is_stemmed=False).scores("mailing a customer").max() == 0


def test_a_missing_stemmer_is_told_with_the_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    lexical._stemmer.cache_clear()

    with pytest.raises(InputError, match="is_stemmed=False"):
        LexicalIndex(TEXTS)
    assert LexicalIndex(TEXTS, is_stemmed=False).scores("mails").argmax() == 0


def test_what_a_text_is_cut_into_can_be_chosen() -> None:
    names = ["sendMail", "list_files"]

    def parts(text: str) -> list[str]:
        return [part for word in text.split() for part in word.lower().split("_")]

    assert LexicalIndex(names, is_stemmed=False).scores("files").max() == 0
    assert LexicalIndex(names, is_stemmed=False, terms=parts).scores("files").argmax() == 1


@pytest.mark.parametrize("query", ["", "the of a", "xylophone", "\ud800"])
def test_a_query_without_known_words_scores_nothing(query: str) -> None:
    assert LexicalIndex(TEXTS, is_stemmed=False).scores(query).tolist() == [0] * 4


@pytest.mark.parametrize("texts", [[], [""], ["the", ""]])
def test_documents_without_words_score_nothing(texts: list[str]) -> None:
    assert LexicalIndex(texts, is_stemmed=False).scores("files").tolist() == [0] * len(texts)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(lexical).failed == 0
