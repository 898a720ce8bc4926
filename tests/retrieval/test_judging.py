"""An answer of any shape is judged, and each query is an item of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.judging import cluster_of, judge_rankings, rankings_in

QUERIES = [Query(id="q1", text="?", gold={"d1": 1}), Query(id="q2", text="?", gold={"d2": 1})]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("q1"), inner),
)


def test_rankings_are_cut_at_the_depth_before_anything_else() -> None:
    answer: Any = {"q1": ["a", "a", "b", "c"], "q2": ["d2"], "q9": ["d1"]}

    assert rankings_in(answer, QUERIES, depth=3) == [["a", "b"], ["d2"]]


@pytest.mark.parametrize(
    "answer", [None, [], "q1", {"q1": "d1"}, {"q1": {"d1": 1}}, {"q1": [["d1"], {}, None, 7]}]
)
def test_another_shape_has_found_nothing(answer: Any) -> None:
    assert rankings_in(answer, QUERIES, depth=10) == [[], []] or answer == {}


def test_what_is_no_id_takes_its_rank_and_no_more() -> None:
    assert rankings_in({"q1": [7, "d1"]}, QUERIES, depth=2)[0] == ["d1"]
    assert rankings_in({"q1": [7, "d1"]}, QUERIES, depth=1)[0] == []


@given(JSON)
def test_no_answer_breaks_the_judge(answer: Any) -> None:
    rankings = rankings_in(answer, QUERIES, depth=5)

    assert len(rankings) == 2
    assert all(isinstance(found, str) for ranking in rankings for found in ranking)


def test_the_outcome_holds_means_and_an_item_for_each_query() -> None:
    outcome = judge_rankings(
        [["d1"], ["d3", "d2"]],
        QUERIES,
        success="mrr",
        metrics=["mrr", "hit@1"],
        clusters={"q1": "mail", "q2": "files"},
    )

    assert outcome.success == 0.75
    assert outcome.metrics == {"mrr": 0.75, "hit@1": 0.5}
    assert [(item.id, item.cluster, item.success) for item in outcome.items] == [
        ("q1", "mail", 1.0),
        ("q2", "files", 0.5),
    ]
    assert outcome.items[1].metrics == {"mrr": 0.5, "hit@1": 0.0}


def test_queries_of_one_group_or_else_of_one_document_are_a_cluster() -> None:
    collection = Collection(
        name="tools",
        documents=(
            Document(id="d1", group="mail/out", text=""),
            Document(id="d2", name="two", text=""),
        ),
        queries=(),
    )
    first, second = QUERIES

    assert cluster_of(first, collection, "field") == "mail"
    assert cluster_of(first, collection, "none") == "d1"
    assert cluster_of(second, collection, "group") == "d2"
    assert cluster_of(second, collection, "name") == "two"
