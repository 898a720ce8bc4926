"""A weighted sum of metrics, such as `0.8*success + 0.2*mrr`, read from text and written back.

A sum is `term + term - term ...`; a term is a metric, or `weight*metric`. A metric's name begins
with a letter and may hold dashes, so a minus stands between blanks.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["NAME", "NUMBER", "Formula", "Term", "composite", "number_words", "parse_formula"]

NAME = r"[^\W\d][^\s*+<>=()]*"
"""Of a metric."""

NUMBER = r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
"""Without its sign."""

_SHAPE = "write a metric, or a sum such as `0.8*success + 0.2*mrr`, with blanks around + and -"
_SIGN = re.compile(r"\s*(?P<sign>[+-])\s*")
_TERM = re.compile(rf"\s*(?:(?P<weight>{NUMBER})\s*\*\s*)?(?P<metric>{NAME})(?=\s|\+|$)")
_IS_SUM = re.compile(r"[*+]|\s-|^\s*-")


class Term(NamedTuple):
    """A metric and how much it counts; below 0, less of it is better."""

    weight: float
    metric: str


class Formula(NamedTuple):
    """What is summed up, in the order in which it was given."""

    terms: tuple[Term, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that it is made of."""
        return tuple(term.metric for term in self.terms)

    def value(self, measured: Callable[[str], float | None]) -> float | None:
        """Returns the sum; None where a part was not measured.

        >>> parse_formula("0.8*success - 0.5*late").value({"success": 1.0, "late": 0.2}.get)
        0.7000000000000001
        """
        total = 0.0
        for weight, metric in self.terms:
            part = measured(metric)
            if part is None:
                return None
            total += weight * part
        return total

    def __str__(self) -> str:
        text = ""
        for place, (weight, metric) in enumerate(self.terms):
            sign = "-" if weight < 0 else "+" if place else ""
            size = "" if abs(weight) == 1 else f"{number_words(abs(weight))}*"
            text += f" {sign} {size}{metric}" if place else f"{sign}{size}{metric}"
        return text


def parse_formula(text: str) -> Formula:
    """Returns the sum that a text says.

    Raises:
        ValueError: it says none; the message shows what cannot be read, and what could.

    >>> parse_formula("0.8*success + 0.2*mrr").terms[1]
    Term(weight=0.2, metric='mrr')
    """
    terms: list[Term] = []
    place = 0
    while place < len(text.rstrip()) or not terms:
        sign = _SIGN.match(text, place)
        if terms and sign is None:
            raise ValueError(f"cannot read '{text[place:].strip()}'; {_SHAPE}")
        term = _TERM.match(text, sign.end() if sign else place)
        if term is None:
            raise ValueError(f"cannot read '{text[place:].strip()}'; {_SHAPE}")
        weight = float(term["weight"] or 1.0)
        if weight == 0 or not math.isfinite(weight):
            raise ValueError(f"a weight of {term['weight']} weighs nothing; {_SHAPE}")
        is_less = sign is not None and sign["sign"] == "-"
        terms.append(Term(-weight if is_less else weight, term["metric"]))
        place = term.end()
    formula = Formula(tuple(terms))
    twice = [metric for metric in formula.metrics if formula.metrics.count(metric) > 1]
    if twice:
        raise ValueError(f"'{twice[0]}' is in it twice; give it one weight")
    return formula


@functools.lru_cache(maxsize=256)
def composite(metric: str) -> Formula | None:
    """Returns the sum that stands in place of a metric; None where it is a metric's name.

    >>> composite("success")
    >>> str(composite("success+.50*mrr"))
    'success + 0.5*mrr'
    """
    return parse_formula(metric) if _IS_SUM.search(metric) else None


def number_words(value: float) -> str:
    """Returns the shortest text of a number that reads back as the same.

    >>> number_words(800.0), number_words(0.1)
    ('800', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
