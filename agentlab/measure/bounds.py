"""Whether a bound can be tested at all: in a world with these metrics, with so many trials."""

from __future__ import annotations

import bisect
import functools
import math
from typing import Literal

import numpy as np

from agentlab.core.bound import Bound
from agentlab.core.environment import Traits
from agentlab.core.formula import number_words
from agentlab.measure.e_process import EProcess
from agentlab.measure.evidence import GUARD_ALPHA
from agentlab.measure.metrics import is_spending, lower_is_better

__all__ = ["bound_problem", "fewest_clusters"]

_SHARES = ("success", "progress")
_MOST = 1 << 40
"""More clusters than anybody has."""


def bound_problem(bound: Bound, traits: Traits) -> str | None:
    """Returns why a bound has no meaning, and what has; None where it has."""
    is_lower = lower_is_better(bound.metric, traits)
    right: Literal["<=", ">="] = "<=" if is_lower else ">="
    if bound.operator != right:
        better = "less" if is_lower else "more"
        meant = Bound(bound.metric, right, bound.limit, bound.is_relative, bound.quantile)
        return f"{better} is better in {bound.metric}; write `{meant}`"
    limit = number_words(bound.limit)
    if bound.metric in _SHARES and not bound.is_relative and not 0 < bound.limit <= 1:
        return f"{bound.metric} lies between 0 and 1, so {limit} asks for nothing or too much"
    if bound.metric in _SHARES and bound.limit == 1 and bound.quantile is None:
        hint = "0.95x" if bound.is_relative else "0.99"
        return f"a mean {bound.metric} of {limit} can never be shown; write {hint} or so"
    if is_spending(bound.metric) and bound.limit <= 0:
        return f"nothing spends less than 0, so {limit} can never be shown; write more"
    return None


def fewest_clusters(bound: Bound) -> int | None:
    """Returns the clusters that it takes to show a bound where each is as good as can be.

    Of a percentile no distribution is asked: each cluster says no more than that it is within. So
    it is with a share, which can be no better than 1. None: other means have no such number.

    >>> fewest_clusters(Bound("wall_s", "<=", 10, quantile=95))
    88
    """
    if bound.quantile is not None:
        return _fewest(bound.quantile / 100)
    is_share = bound.metric in _SHARES and not bound.is_relative and bound.operator == ">="
    return _fewest(bound.limit) if is_share and 0 < bound.limit < 1 else None


@functools.cache
def _fewest(asked: float) -> int:
    """Returns the clusters after which a share is shown to be as large as asked, if all are 1."""
    each = EProcess().after(np.array([(1 - asked) / asked]))

    def is_shown(clusters: int) -> bool:
        return EProcess(log_wealth=clusters * each.log_wealth).log_e >= math.log(1 / GUARD_ALPHA)

    return bisect.bisect_left(range(_MOST), True, key=is_shown)
