"""Whether a bound can be tested at all, in a world with these metrics."""

from __future__ import annotations

from typing import Literal

from agentlab.core.bound import Bound
from agentlab.core.environment import Traits
from agentlab.core.formula import number_words
from agentlab.measure.metrics import is_spending, lower_is_better

__all__ = ["bound_problem"]

_SHARES = ("success", "progress")


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
