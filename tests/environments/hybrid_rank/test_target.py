"""The naive target: what it reads in a query, and how it orders candidates."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.environments.hybrid_rank.world import FOLDER, target_modules

DOCUMENTS: list[dict[str, Any]] = [  # Any: JSON
    {"id": "a", "name": "Elm Barn", "text": "Kayaking at Fennick. Paddles.", "tags": ["kayaking"]},
    {"id": "b", "name": "Otter Yard", "text": "Pottery in Vennor.", "tags": ["pottery", "rain"]},
    {"id": "c", "name": "Crane Hall", "text": "Nothing much.", "tags": []},
]


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ModuleType]]:
    with target_modules(FOLDER / "target") as found:
        yield found


@pytest.fixture(scope="module")
def ranker(modules: tuple[ModuleType, ModuleType]) -> ModuleType:
    return modules[0]


@pytest.fixture(scope="module")
def metadata(modules: tuple[ModuleType, ModuleType]) -> ModuleType:
    return modules[1]


def asked(metadata: ModuleType, text: str, *pairs: tuple[str, float]) -> SimpleNamespace:
    read = metadata.Extractor(DOCUMENTS).extract(text)
    return SimpleNamespace(id="q", text=text, metadata=read, candidates=[list(p) for p in pairs])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("things to do in Fennick", "location"),
        ("we fancy pottery", "activity"),
        ("somewhere quiet", "general"),
    ],
)
def test_a_query_has_a_type(metadata: ModuleType, text: str, kind: str) -> None:
    assert metadata.Extractor(DOCUMENTS).extract(text)["type"] == kind


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("things to do in fennick", "general"),
        ("Fennick, two days", "general"),
        ("out of the rain", "activity"),
        ("staying in Vennor but happy to drive: pottery", "location"),
    ],
)
def test_an_hours_work_has_its_limits(metadata: ModuleType, text: str, wrong: str) -> None:
    assert metadata.Extractor(DOCUMENTS).extract(text)["type"] == wrong


def test_words_lift_a_candidate_over_one_that_is_a_little_nearer(
    ranker: ModuleType, metadata: ModuleType
) -> None:
    query = asked(metadata, "kayaking", ("b", 0.41), ("a", 0.4), ("c", 0.2))

    assert ranker.Ranker(DOCUMENTS, {}).rank(query, 3) == ["a", "b", "c"]


def test_without_any_word_the_order_stays(ranker: ModuleType, metadata: ModuleType) -> None:
    query = asked(metadata, "xyzzy", ("c", 0.5), ("b", 0.4), ("a", 0.3))

    assert ranker.Ranker(DOCUMENTS, {}).rank(query, 2) == ["c", "b"]


def test_a_kind_that_says_what_another_says_loses_weight(ranker: ModuleType) -> None:
    import numpy as np

    one = np.array([1.0, -1.0, 0.0])
    signals = {"location": one, "activity": one, "general": -one}
    weights = ranker.Ranker(DOCUMENTS, {}).weights("general", signals)

    assert weights["location"] == ranker.BASE_WEIGHTS["location"]
    assert weights["activity"] < ranker.BASE_WEIGHTS["activity"]
    assert weights["general"] == ranker.BASE_WEIGHTS["general"] * ranker.OWN_KIND


@given(
    text=st.text(max_size=40),
    near=st.lists(st.floats(-1, 1), min_size=0, max_size=3),
)
def test_it_ranks_the_candidates_and_nothing_else(
    modules: tuple[ModuleType, ModuleType], text: str, near: list[float]
) -> None:
    ranker, metadata = modules
    pairs = list(zip("abc", sorted(near, reverse=True), strict=False))

    ranking = ranker.Ranker(DOCUMENTS, {}).rank(asked(metadata, text, *pairs), 200)

    assert sorted(ranking) == [name for name, _ in pairs]
