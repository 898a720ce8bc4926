"""A guard as one line: `success >= 0.90`, `context_tokens <= 1.05x`, `p95(latency_ms) <= 10`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from agentlab.core.formula import NAME, NUMBER, number_words

__all__ = ["QUANTILES", "Bound", "parse_bound"]

QUANTILES = (50, 90, 95, 99)
"""The percentiles that can be bounded."""

_SHAPE = (
    "write `metric >= 0.9`, `metric <= 1.05x` (so many times the incumbent's) "
    "or `p95(metric) <= 10`"
)
_BOUND = re.compile(
    rf"\s*(?:p(?P<quantile>\d+)\(\s*(?P<inner>{NAME})\s*\)|(?P<metric>{NAME}))\s*"
    rf"(?P<operator>[<>=!]+)\s*(?P<limit>-?(?:{NUMBER}))\s*(?P<times>x?)\s*"
)


@dataclass(frozen=True)
class Bound:
    """What a metric must be shown to be at least, or at most.

    Raises:
        ValueError: nothing can be tested like that.
    """

    metric: str
    operator: Literal["<=", ">="]
    limit: float
    """In the metric's own unit, or so many times the incumbent's mean."""

    is_relative: bool = False
    """Whether the limit is a multiple of what the incumbent comes to on the same pairs."""

    quantile: int | None = None
    """The percentile that is meant, one of `QUANTILES`; None: the mean."""

    def __post_init__(self) -> None:
        if not math.isfinite(self.limit):
            raise ValueError(f"{self.limit} is no limit; {_SHAPE}")
        if self.quantile is not None and self.quantile not in QUANTILES:
            known = ", ".join(f"p{quantile}" for quantile in QUANTILES)
            raise ValueError(f"no percentile p{self.quantile} here; there are {known}")
        if self.quantile is not None and self.is_relative:
            raise ValueError(
                f"a percentile is compared with a number, not with the incumbent's: write "
                f"`p{self.quantile}({self.metric}) {self.operator} ...` without x, or guard the "
                f"mean: `{self.metric} {self.operator} {number_words(self.limit)}x`"
            )
        if self.is_relative and self.limit <= 0:
            raise ValueError(f"{number_words(self.limit)}x is no share of the incumbent's")

    def __str__(self) -> str:
        what = self.metric if self.quantile is None else f"p{self.quantile}({self.metric})"
        times = "x" if self.is_relative else ""
        return f"{what} {self.operator} {number_words(self.limit)}{times}"


def parse_bound(text: str) -> Bound:
    """Returns the bound that a line says.

    Raises:
        ValueError: it says none; the message tells what is wrong and what would be right.

    >>> parse_bound("context_tokens<=1.05x")
    Bound(metric='context_tokens', operator='<=', limit=1.05, is_relative=True, quantile=None)
    """
    found = _BOUND.fullmatch(text)
    if found is None:
        raise ValueError(f"cannot read it as a guard; {_SHAPE}")
    operator = found["operator"]
    if operator not in ("<=", ">="):
        raise ValueError(f"'{operator}' is no comparison of a guard; use <= or >=")
    return Bound(
        found["inner"] or found["metric"],
        "<=" if operator == "<=" else ">=",
        float(found["limit"]),
        is_relative=bool(found["times"]),
        quantile=int(found["quantile"]) if found["quantile"] else None,
    )
