"""Operators on numbers, words and booleans."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of
from agentlab.meta.mutation.surroundings import Surroundings

__all__ = ["number_node", "of_constant"]

_FACTORS = (0.5, 2.0, 0.8, 1.25, 0.1, 10.0)
_LIMIT = re.compile(
    r"limit|max|most|size|count|depth|top|num|steps|budget|length|width|chars|lines|^n$|^k$",
    re.IGNORECASE,
)
_PLAIN_ALTERNATIVE = re.compile(r"(?<=[(|])[\w ]+\|(?=[\w ]+[|)])|(?<=[\w ])\|[\w ]+(?=\))")


def of_constant(node: cst.CSTNode, around: Surroundings) -> Iterator[Replacement]:
    """Yields other constants for a constant."""
    if isinstance(node, cst.Integer | cst.Float):
        yield from _number(node)
        yield from _sign(node, around.parent)
    elif isinstance(node, cst.SimpleString) and not isinstance(around.parent, cst.Expr):
        yield from _words(node, around.is_unordered)
        yield from _alternatives(node)
    elif isinstance(node, cst.Name) and node.value in ("True", "False"):
        other = "False" if node.value == "True" else "True"
        yield Replacement("flip_boolean", f"{node.value} -> {other}", cst.Name(other))
    elif isinstance(node, cst.Arg | cst.Param | cst.Assign):
        yield from _tighter(node)


def number_node(value: int | float) -> cst.Integer | cst.Float:
    """Returns a number that is not negative as source."""
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(repr(value))


def _number(node: cst.Integer | cst.Float) -> Iterator[Replacement]:
    value = ast.literal_eval(node.value)
    tried = {value}
    for operator, other in _neighbours(value):
        if other not in tried and other >= 0:
            tried.add(other)
            made = number_node(other)
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


def _sign(node: cst.Integer | cst.Float, parent: cst.CSTNode | None) -> Iterator[Replacement]:
    # A number that is signed already: dropping its sign is what `scale` cannot do.
    is_signed = isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Minus)
    if not is_signed and ast.literal_eval(node.value) and not isinstance(parent, cst.Index):
        made = cst.UnaryOperation(
            cst.Minus(), node, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
        )
        yield Replacement("negate_number", f"{node.value} -> -{node.value}", made)


def _tighter(node: cst.Arg | cst.Param | cst.Assign) -> Iterator[Replacement]:
    """Cuts a number that is named like a limit: less is read, less is spent."""
    name, value = _named(node)
    if not isinstance(value, cst.Integer) or not _LIMIT.search(name):
        return
    number = int(ast.literal_eval(value.value))
    for part in (2, 4, 8):
        if number // part:
            field = "default" if isinstance(node, cst.Param) else "value"
            made = node.with_changes(**{field: cst.Integer(str(number // part))})
            yield Replacement("tighten_limit", f"{number} -> {number // part}", made)


def _named(
    node: cst.Arg | cst.Param | cst.Assign,
) -> tuple[str, cst.BaseExpression | None]:
    if isinstance(node, cst.Arg):
        return (node.keyword.value if node.keyword else ""), node.value
    if isinstance(node, cst.Param):
        return node.name.value, node.default
    return source_of(node.targets[0].target), node.value


def _words(node: cst.SimpleString, is_unordered: bool) -> Iterator[Replacement]:
    """Drops, doubles or swaps words of a list that is written as one string; lines of a text."""
    if node.prefix or "\\" in node.raw_value:
        return
    separator, noun = (" ", "word") if len(node.quote) == 1 else ("\n", "line")
    parts = node.raw_value.split(separator)
    if len(parts) < 3:
        return
    for verb, part, others in _rearranged(parts):
        if part.strip() and (verb == "drop" or not is_unordered):
            text = f"{node.quote}{separator.join(others)}{node.quote}"
            what = f"{verb} '{part.strip()[:40]}' in {source_of(node)}"
            yield Replacement(f"{verb}_{noun}", what, node.with_changes(value=text))


def _rearranged(parts: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield "drop", part, [*before, *after]
        yield "double", part, [*before, part, part, *after]
        if after:
            yield "swap", part, [*before, after[0], part, *after[1:]]


def _alternatives(node: cst.SimpleString) -> Iterator[Replacement]:
    """Drops a plain word of a pattern's alternatives, `(add|put|buy)`."""
    if "r" not in node.prefix.lower():
        return
    for match in _PLAIN_ALTERNATIVE.finditer(node.value):
        rest = node.value[: match.start()] + node.value[match.end() :]
        told = match[0].strip("|")
        yield Replacement(
            "drop_alternative", f"drop '{told}' from a pattern", node.with_changes(value=rest)
        )
