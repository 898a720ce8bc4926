"""Numbers as a person reads them: with their interval, no more digits than the interval bears."""

from __future__ import annotations

import math

from agentlab.core.decision import Estimate

__all__ = ["count", "difference", "duration", "figure", "improvement", "is_clear", "with_interval"]


def with_interval(value: Estimate) -> str:
    """Returns an estimate and its interval; the number alone where it never varied.

    >>> with_interval(Estimate(estimate=0.6123, low=0.551, high=0.668))
    '0.61 [0.55, 0.67]'
    >>> with_interval(Estimate(estimate=12345.6, low=11020, high=13001))
    '12.3k [11.0k, 13.0k]'
    """
    places = _places(value)
    if math.isclose(value.low, value.high, rel_tol=1e-9):
        return figure(value.estimate, places)
    numbers = [figure(number, places) for number in (value.estimate, value.low, value.high)]
    return f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"


def difference(value: Estimate) -> str:
    """Returns a difference and its interval, with signs; `none` where nothing differed.

    >>> difference(Estimate(estimate=0.17, low=0.11, high=0.23))
    '+0.17 [+0.11, +0.23]'
    """
    places = _places(value)
    if value.low == value.high == 0:
        return "none"
    numbers = [figure(n, places, sign="+") for n in (value.estimate, value.low, value.high)]
    return f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"


def improvement(value: float, *, is_relative: bool) -> str:
    """Returns how much better something is, in the unit of the objective's test.

    >>> improvement(0.083, is_relative=False), improvement(0.061, is_relative=True)
    ('+0.083', '6.1 %')
    """
    return f"{value * 100:.2g} %" if is_relative else f"{value:+.2g}"


def is_clear(value: Estimate) -> bool:
    """Returns whether the interval of a difference leaves out 0."""
    return value.low > 0 or value.high < 0


def figure(value: float, places: int = 2, *, sign: str = "") -> str:
    """Returns a number with so many decimal places; thousands from 10,000 on."""
    if abs(value) >= 10_000:
        return f"{value / 1000:{sign}.1f}k"
    shown = f"{value:{sign},.{places}f}"
    # A minus before nothing but zeros is rounding, not a direction.
    return shown.replace("-", "+" if sign else "") if float(shown.replace(",", "")) == 0 else shown


def count(value: int) -> str:
    """Returns a whole number with separators: `12,345`."""
    return f"{value:,}"


def duration(seconds: float) -> str:
    """Returns a span of time in its two largest units.

    >>> duration(3.21), duration(75), duration(7325)
    ('3.2 s', '1 min 15 s', '2 h 2 min')
    """
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _places(value: Estimate) -> int:
    """Returns as many places as show the first digit of half the interval, two below 10."""
    largest = max(abs(number) for number in (value.estimate, value.low, value.high))
    half = (value.high - value.low) / 2
    if half <= 1e-9 * largest:
        # It never varied, but for how its values were summed.
        half = largest / 100
    needed = -math.floor(math.log10(half)) if half > 0 else 0
    return min(9, max(needed, 2 if largest < 10 else 1 if largest < 100 else 0))
