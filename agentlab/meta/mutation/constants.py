"""Operators on numbers, words and booleans."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of

__all__ = ["of_constant"]

_FACTORS = (0.5, 2.0, 0.8, 1.25, 0.1, 10.0)


def of_constant(node: cst.CSTNode) -> Iterator[Replacement]:
    """Yields other constants for a constant."""
    if isinstance(node, cst.Integer | cst.Float):
        yield from _number(node)
    elif isinstance(node, cst.SimpleString):
        yield from _words(node)
    elif isinstance(node, cst.Name) and node.value in ("True", "False"):
        other = "False" if node.value == "True" else "True"
        yield Replacement("flip_boolean", f"{node.value} -> {other}", cst.Name(other))


def _number(node: cst.Integer | cst.Float) -> Iterator[Replacement]:
    value = ast.literal_eval(node.value)
    tried = {value}
    for operator, other in _neighbours(value):
        if other not in tried and other >= 0:
            tried.add(other)
            made = cst.Integer(str(other)) if isinstance(other, int) else cst.Float(repr(other))
            yield Replacement(operator, f"{node.value} -> {made.value}", made)


def _neighbours(value: int | float) -> Iterator[tuple[str, int | float]]:
    if isinstance(value, int):
        yield from (("nudge_number", value + step) for step in (1, -1))
        yield from (("scale_number", round(value * factor)) for factor in _FACTORS)
        yield "zero_number", 0
    else:
        yield from (("scale_number", float(f"{value * factor:.4g}")) for factor in _FACTORS)
        yield "zero_number", 0.0
        yield "zero_number", 1.0


def _words(node: cst.SimpleString) -> Iterator[Replacement]:
    """Drops or doubles words of a list that is written as one string."""
    if node.prefix or len(node.quote) != 1:
        return
    text = node.raw_value
    words = text.split(" ")
    if len(words) < 3 or "\\" in text:
        return
    for place, word in enumerate(words):
        rest = " ".join(words[:place] + words[place + 1 :])
        made = node.with_changes(value=f"{node.quote}{rest}{node.quote}")
        yield Replacement("drop_word", f"drop '{word}' from {source_of(node)}", made)
