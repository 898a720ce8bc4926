from __future__ import annotations

import pytest

from agentlab.core.bound import parse_bound
from agentlab.core.environment import Metric, Traits
from agentlab.measure.bounds import bound_problem, fewest_clusters

TRAITS = Traits(
    context_meter="read_tokens",
    metrics=(
        Metric(name="mrr", direction="higher"),
        Metric(name="latency_ms", direction="lower"),
    ),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("success <= 0.9", "more is better in success; write `success >= 0.9`"),
        ("mrr <= 0.95x", "write `mrr >= 0.95x`"),
        ("context_tokens >= 500", "less is better in context_tokens"),
        ("p95(latency_ms) >= 10", "write `p95(latency_ms) <= 10`"),
        ("success >= 0", "between 0 and 1"),
        ("success >= 90", "between 0 and 1"),
        ("success >= 1", "can never be shown; write 0.99"),
        ("success >= 1x", "can never be shown; write 0.95x"),
        ("steps <= 0", "nothing spends less than 0"),
    ],
)
def test_a_bound_that_means_nothing_is_told_with_what_would(text: str, said: str) -> None:
    problem = bound_problem(parse_bound(text), TRAITS)
    assert problem is not None
    assert said in problem


@pytest.mark.parametrize(
    "text",
    [
        "success >= 0.9",
        "success >= 0.98x",
        "p50(success) >= 1",
        "mrr >= 0.9",
        "context_tokens <= 0.6x",
        "p99(latency_ms) <= 10",
    ],
)
def test_a_bound_that_asks_for_something_is_none(text: str) -> None:
    assert bound_problem(parse_bound(text), TRAITS) is None


def test_the_fewest_clusters_are_those_of_a_share_of_which_all_is_within() -> None:
    p99, share = parse_bound("p99(steps) <= 9"), parse_bound("success >= 0.99")
    assert fewest_clusters(p99) == fewest_clusters(share) == 451
    assert (fewest_clusters(parse_bound("success >= 0.999999")) or 0) > 4_000_000
    assert fewest_clusters(parse_bound("steps <= 9")) is None
    assert fewest_clusters(parse_bound("success >= 0.95x")) is None
