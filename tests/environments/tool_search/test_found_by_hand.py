"""The two recipes that a hand found: words by fields, sentences, and what is learned of answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from agentlab.retrieval.embedders.hashing import HashEmbedder
from tests.benchmarks.retrieval_figures import ranker_of
from tests.environments.tool_search.conftest import FOLDER

EMBEDDER = HashEmbedder()
TARGETS = FOLDER / "targets"
NAMES = ("sendInvoice", "list_invoices", "delete_user", "fetchWeather", "book_flight")


class Documents(list[dict[str, Any]]):
    def embed(self, texts: list[str]) -> Any:
        return EMBEDDER.embed(texts)


def documents() -> Documents:
    return Documents(
        {"id": name, "name": name, "group": "", "text": "", "params": {"city": ""}}
        for name in NAMES
    )


def query(text: str, *gold: str, scope: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        id=text, text=text, vector=EMBEDDER.embed([text])[0], gold=list(gold), scope=scope
    )


def ranked(target: str, asked: SimpleNamespace, training: list[SimpleNamespace]) -> list[str]:
    module = ranker_of(TARGETS / target)
    found: list[str] = module.Ranker(documents(), module.prepare(documents(), training)).rank(
        asked, 3
    )
    return found


ASKED = [query(f"the {word} please, number {n}", "delete_user") for n in range(9) for word in "xyz"]


def test_a_name_is_found_by_its_words_in_another_form() -> None:
    assert ranked("sentences", query("is flights booking done"), ASKED)[0] == "book_flight"


def test_a_request_of_two_steps_has_two_answers() -> None:
    asked = query("Please fetch the weather there. Then book me a flight.")

    assert set(ranked("sentences", asked, [])[:2]) == {"fetchWeather", "book_flight"}


def test_what_was_asked_before_is_remembered() -> None:
    said = [query(f"kindly foo the bar number {n}", "fetchWeather") for n in range(9)]

    assert ranked("learned", query("kindly foo the bar"), [*ASKED, *said])[0] == "fetchWeather"
    assert ranked("sentences", query("kindly foo the bar"), [*ASKED, *said])[0] != "fetchWeather"


def test_words_that_every_query_says_weigh_less() -> None:
    fields = ranker_of(TARGETS / "sentences").fields
    weights = fields.index(documents(), ["please weather", *["please list"] * 99])["word_weights"]

    assert weights[fields.stem("please")] < weights[fields.stem("weather")]
    assert np.isclose(weights[fields.stem("please")], 0.1 / 1.1)


def test_both_recipes_have_the_same_fields() -> None:
    copies = {(TARGETS / name / "fields.py").read_text() for name in ("sentences", "learned")}

    assert len(copies) == 1
