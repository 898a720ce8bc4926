"""Pairing candidates on the same tasks and seeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.core.trial import TrialRecord
from agentlab.measure.pairing import Clusters, by_cluster, improvements, raw_differences

MakeRecords = Callable[..., list[TrialRecord]]


def test_success_is_compared_as_it_is(make_records: MakeRecords) -> None:
    found = improvements(
        make_records([1.0, 0.0, 1.0]),
        make_records([0.0, 0.0, 1.0]),
        "success",
        lower_is_better=False,
    )
    assert found.clusters.tolist() == [1.0, 0.0, 0.0]
    assert found.pairs == 3


def test_spending_is_compared_relatively_and_only_where_both_solve(
    make_records: MakeRecords,
) -> None:
    cheap = make_records([1.0, 1.0, 0.0], context=[50, 100, 1])
    dear = make_records([1.0, 1.0, 1.0], context=[100, 50, 100])
    found = improvements(cheap, dear, "context_tokens", lower_is_better=True)
    assert found.clusters.tolist() == [0.5, -0.5]


def test_a_pair_that_one_side_lacks_is_left_out(make_records: MakeRecords) -> None:
    found = improvements(
        make_records([1.0, None, 1.0]), make_records([0.0, 0.0]), "success", lower_is_better=False
    )
    assert found.pairs == 1


def test_raw_differences_keep_their_unit(make_records: MakeRecords) -> None:
    found = raw_differences(
        make_records([1.0], context=40), make_records([1.0], context=100), "context_tokens"
    )
    assert found.clusters.tolist() == [-60.0]


def test_a_cluster_counts_once_however_many_pairs_it_has() -> None:
    found = by_cluster([("a", 1.0), ("a", 1.0), ("a", 1.0), ("b", 0.0)])
    assert found.clusters.mean() == pytest.approx(0.5)
    assert found.pairs == 4


def test_clusters_tell_from_where_on_their_means_have_changed() -> None:
    clusters = Clusters()
    assert clusters.add([("a", 1.0), ("b", 0.0)]) == 0
    assert clusters.add([("c", 1.0)]) == 2
    assert clusters.add([("b", 1.0), ("d", 0.0)]) == 1
    assert clusters.add([]) == 4
    assert clusters.means.tolist() == [1.0, 0.5, 1.0, 0.0]
