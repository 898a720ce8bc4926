"""Metrics agree with trec_eval's on any ranking, and cannot be cheated by saying an id twice."""

from __future__ import annotations

import doctest
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import InputError
from agentlab.retrieval import metrics
from agentlab.retrieval.metrics import require_metrics, score_rankings

IDS = [f"d{number}" for number in range(12)]
RANKINGS = st.lists(st.sampled_from(IDS), unique=True)
GOLD = st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1)
ORACLE_OF = {
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "p@3": "P@3",
    "p@12": "P@12",
    "recall@4": "R@4",
    "mrr": "RR",
    "mrr@3": "RR@3",
    "ndcg@1": "nDCG@1",
    "ndcg@10": "nDCG@10",
}


def scores(ranking: Sequence[str], gold: Mapping[str, int], *names: str) -> list[float]:
    found = score_rankings([ranking], [gold], names)
    return [float(found[name][0]) for name in names]


@given(st.lists(st.tuples(RANKINGS, GOLD), min_size=1, max_size=5))
def test_metrics_are_those_of_ir_measures(cases: list[tuple[list[str], dict[str, int]]]) -> None:
    ir_measures = pytest.importorskip("ir_measures")
    rankings, gold = zip(*cases, strict=True)
    ours = score_rankings(rankings, gold, list(ORACLE_OF))
    run = {
        str(row): {name: float(-rank) for rank, name in enumerate(ranking)}
        for row, ranking in enumerate(rankings)
    }
    judged = {str(row): dict(relevant) for row, relevant in enumerate(gold)}
    measures = {ir_measures.parse_measure(text): name for name, text in ORACLE_OF.items()}

    oracle = {
        (measures[found.measure], int(found.query_id)): found.value
        for found in ir_measures.iter_calc(list(measures), judged, run)
    }
    assert len(oracle) > 0
    for name, values in ours.items():
        for row, value in enumerate(values):
            assert value == pytest.approx(oracle.get((name, row), 0.0), abs=1e-9), (name, row)


def test_cases_that_a_hand_can_compute() -> None:
    ranking = ["x", "a", "y", "b"]

    assert scores(ranking, {"a": 1, "b": 1, "c": 1}, "hit@1", "hit@2") == [0, 1]
    assert scores(ranking, {"a": 1, "b": 1, "c": 1}, "p@4", "p@8") == [0.5, 0.25]
    assert scores(ranking, {"a": 1, "b": 1, "c": 1}, "recall@2", "mrr") == [1 / 3, 0.5]
    assert scores(ranking, {"b": 1}, "mrr", "mrr@3") == [0.25, 0]


def test_a_better_grade_first_is_a_better_ranking() -> None:
    gold = {"a": 3, "b": 1}

    assert scores(["a", "b"], gold, "ndcg@10") == [1.0]
    assert scores(["b", "a"], gold, "ndcg@10")[0] < 1


@given(RANKINGS, GOLD)
def test_an_id_that_is_said_again_changes_nothing(ranking: list[str], gold: dict[str, int]) -> None:
    twice = [name for name in ranking for _ in range(2)]

    names = list(ORACLE_OF)
    assert scores(twice, gold, *names) == scores(ranking, gold, *names)


def test_a_query_without_a_ranking_has_found_nothing() -> None:
    assert scores([], {"a": 1}, "hit@5", "p@12", "recall@4", "mrr", "ndcg@10") == [0] * 5
    assert score_rankings([], [], ["mrr", "ndcg@3"])["mrr"].shape == (0,)


@pytest.mark.parametrize("name", ["map", "ndcg", "hit@0", "p@", "ndgc@10", "MRR", "mrr@-1", ""])
def test_an_unknown_metric_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(InputError, match=r"is unknown.*such as: hit@1"):
        require_metrics(["mrr", name])


def test_the_examples_are_true() -> None:
    assert doctest.testmod(metrics).failed == 0
