"""What is taught, searched on and held out never meet."""

from __future__ import annotations

from typing import get_args

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.dealing import Dealt, HeldOut, SplitBy, deal, some_of
from agentlab.retrieval.holdout import parts_of

GROUPS = 40
COLLECTION = Collection(
    name="tools",
    documents=tuple(
        Document(id=f"d{number}", name=f"n{number}", group=f"g{number % GROUPS}/x", text="")
        for number in range(120)
    ),
    queries=tuple(
        Query(
            id=f"q{number}",
            text="?",
            gold={f"d{number % 120}": 1},
            split=("train", "train", "train", "dev", "test", "extra")[number % 6],
        )
        for number in range(600)
    ),
)


def groups(queries: tuple[Query, ...]) -> set[str]:
    return {COLLECTION.gold_documents(query)[0].group for query in queries}


@pytest.mark.parametrize("test", get_args(HeldOut))
@pytest.mark.parametrize("split_by", get_args(SplitBy))
def test_no_query_is_in_two_places(split_by: SplitBy, test: HeldOut) -> None:
    dealt = deal(COLLECTION, split_by, test=test)
    ids = [query.id for queries in dealt for query in queries]

    assert len(set(ids)) == len(ids)
    assert all(dealt)


def test_groups_of_the_test_and_of_validation_are_in_nothing_else() -> None:
    dealt = deal(COLLECTION, "group")
    seen = groups(dealt.training) | groups(dealt.train)

    assert not groups(dealt.test) & (seen | groups(dealt.validation))
    assert not groups(dealt.validation) & seen
    assert groups(dealt.training) == groups(dealt.train)


@pytest.mark.parametrize("test", get_args(HeldOut))
def test_neither_part_of_the_test_is_in_any_other_split(test: HeldOut) -> None:
    dealt = deal(COLLECTION, "group", test=test)
    parts = parts_of(COLLECTION, "group")

    assert dealt.test == parts["random-test" if test == "random" else "unseen-test"]
    assert {query.id for part in dealt[:3] for query in part} == {q.id for q in parts["train"]}


def test_where_the_test_is_of_single_queries_so_is_validation() -> None:
    dealt = deal(COLLECTION, "group", test="random")

    assert groups(dealt.validation) & groups(dealt.training)
    assert groups(dealt.test) <= groups(dealt.training) | groups(dealt.validation)


def test_queries_that_name_their_split_are_left_there() -> None:
    dealt = deal(COLLECTION, "own")

    assert {query.split for query in dealt.training + dealt.train} == {"train"}
    assert {query.split for query in dealt.validation} == {"dev"}
    assert {query.split for query in dealt.test} == {"test"}
    assert 0.4 < len(dealt.training) / 300 < 0.6


def test_a_split_that_leaves_nothing_for_the_test_is_an_error_that_says_so() -> None:
    queries = tuple(query for query in COLLECTION.queries if query.split != "test")
    alone = Collection(name="alone", documents=COLLECTION.documents, queries=queries)

    with pytest.raises(InputError, match="alone: split_by: own leaves no queries for test of 500"):
        deal(alone, "own")


def test_another_split_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(InputError, match="no 'groups'; did you mean 'group'"):
        deal(COLLECTION, "groups")  # type: ignore[arg-type]


def test_some_of_the_queries_are_the_same_ones_whatever_stands_beside_them() -> None:
    few = some_of(COLLECTION.queries, 10)

    assert some_of(reversed(COLLECTION.queries), 10) == few
    assert some_of(COLLECTION.queries, None)[:10] == few
    assert isinstance(deal(COLLECTION, "none"), Dealt)
