from __future__ import annotations

from agentlab.measure.span import Span
from tests.measure.conftest import MakeRecords


def test_a_share_lies_between_0_and_1_whatever_was_seen(make_records: MakeRecords) -> None:
    span = Span("success")
    span.add(make_records([0.0, 0.5]))
    assert (span.low, span.high) == (0.0, 1.0)


def test_of_all_else_twice_the_largest_that_was_seen_is_the_most(
    make_records: MakeRecords,
) -> None:
    span = Span("context_tokens")
    assert (span.low, span.high) == (0.0, 0.0)
    span.add(make_records([1.0, 0.0], context=[100, 300]))
    span.add(make_records([1.0], context=200))
    assert (span.low, span.high) == (0.0, 600.0)


def test_what_may_be_below_0_is_so_both_ways() -> None:
    span = Span("reward", at_least=-3.0)
    assert (span.low, span.high) == (-6.0, 6.0)
