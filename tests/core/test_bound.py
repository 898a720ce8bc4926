"""A guard in one line: what is written is what is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentlab.core.bound import QUANTILES, Bound, parse_bound
from agentlab.core.formula import NAME

names = st.from_regex(NAME, fullmatch=True)
limits = st.floats(allow_nan=False, allow_infinity=False)


@given(
    names,
    st.sampled_from(["<=", ">="]),
    limits,
    st.booleans(),
    st.one_of(st.none(), st.sampled_from(QUANTILES)),
)
def test_a_bound_that_is_written_reads_back_as_the_same(
    metric: str, operator: str, limit: float, is_relative: bool, quantile: int | None
) -> None:
    assume(not is_relative or (limit > 0 and quantile is None))
    assume(not metric.endswith("!"))
    bound = Bound(metric, "<=" if operator == "<=" else ">=", limit, is_relative, quantile)
    assert parse_bound(str(bound)) == bound


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("success >= 0.90", Bound("success", ">=", 0.9)),
        ("context_tokens<=1.05x", Bound("context_tokens", "<=", 1.05, is_relative=True)),
        (" p95( latency_ms ) <= 10 ", Bound("latency_ms", "<=", 10, quantile=95)),
        ("reward >= -3e2", Bound("reward", ">=", -300)),
        ("p95_ms <= 10", Bound("p95_ms", "<=", 10)),
    ],
)
def test_a_line_says_metric_way_and_limit(text: str, bound: Bound) -> None:
    assert parse_bound(text) == bound


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("success", "write `metric >= 0.9`"),
        ("success >= ", "write `metric >= 0.9`"),
        ("success >= high", "write `metric >= 0.9`"),
        ("0.9 <= success", "write `metric >= 0.9`"),
        ("success >= 90 %", "write `metric >= 0.9`"),
        ("success > 0.9", "'>' is no comparison of a guard; use <= or >="),
        ("success == 0.9", "'==' is no comparison"),
        ("p97(steps) <= 10", "no percentile p97 here; there are p50, p90, p95, p99"),
        ("p95(steps) <= 1.05x", "guard the mean: `steps <= 1.05x`"),
        ("steps <= 0x", "0x is no share"),
        ("steps <= 1e999", "inf is no limit"),
    ],
)
def test_what_is_no_guard_is_told_with_what_would_be(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_bound(text)
