"""Operators on collections, calls and slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of

__all__ = ["of_collection"]

_Collection = cst.List | cst.Tuple | cst.Set | cst.Dict


def of_collection(node: cst.CSTNode) -> Iterator[Replacement]:
    """Yields other collections, calls with other arguments, slices with other ends."""
    if isinstance(node, _Collection):
        yield from _elements(node)
    elif isinstance(node, cst.Call):
        yield from _arguments(node)
    elif isinstance(node, cst.Subscript):
        yield from _slice(node)


def _elements(node: _Collection) -> Iterator[Replacement]:
    elements = list(node.elements)
    fewest = 3 if isinstance(node, cst.Tuple) else 2
    if len(elements) >= fewest:
        for place, element in enumerate(elements):
            rest = _separated(elements[:place] + elements[place + 1 :])
            made = node.with_changes(elements=rest)
            yield Replacement("drop_element", f"drop {source_of(element)}", made)
    if not isinstance(node, cst.Set | cst.Dict):
        for place in range(len(elements) - 1):
            swapped = [*elements]
            swapped[place : place + 2] = reversed(swapped[place : place + 2])
            made = node.with_changes(elements=_separated(swapped))
            yield Replacement("swap_elements", f"swap {place} and {place + 1}", made)


def _separated(elements: Sequence[cst.CSTNode]) -> list[cst.CSTNode]:
    """Gives all but the last element a comma of its own."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    last = len(elements) - 1
    return [
        element.with_changes(comma=comma if place < last else cst.MaybeSentinel.DEFAULT)
        for place, element in enumerate(elements)
    ]


def _arguments(node: cst.Call) -> Iterator[Replacement]:
    for place, argument in enumerate(node.args):
        if argument.keyword is not None:
            rest = [*node.args[:place], *node.args[place + 1 :]]
            if rest:
                rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            made = node.with_changes(args=rest)
            what = f"drop {source_of(argument).rstrip(', ')} of {source_of(node.func)}()"
            yield Replacement("drop_argument", what, made)


def _slice(node: cst.Subscript) -> Iterator[Replacement]:
    (first, *others) = node.slice
    if others or not isinstance(first.slice, cst.Slice):
        return
    for end in ("lower", "upper", "step"):
        if getattr(first.slice, end) is not None:
            changed = first.with_changes(slice=first.slice.with_changes(**{end: None}))
            made = node.with_changes(slice=[changed])
            yield Replacement("open_slice", f"{source_of(node)} -> {source_of(made)}", made)
