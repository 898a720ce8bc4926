"""Operators on collections, calls and slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of
from agentlab.meta.mutation.surroundings import Donors, Surroundings, text_of

__all__ = ["of_collection"]

_Collection = cst.List | cst.Tuple | cst.Set | cst.Dict


def of_collection(node: cst.CSTNode, around: Surroundings) -> Iterator[Replacement]:
    """Yields other collections, calls with other arguments, slices with other ends."""
    if isinstance(node, _Collection):
        yield from _elements(node)
        yield from _more_elements(node, around.donors)
    elif isinstance(node, cst.Call):
        yield from _arguments(node)
        yield from _other_arguments(node, around.donors)
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


def _more_elements(node: _Collection, donors: Donors) -> Iterator[Replacement]:
    """Adds a string that stands in another collection of the module to one of strings."""
    texts = [
        element.value.value
        for element in node.elements
        if isinstance(element, cst.Element) and isinstance(element.value, cst.SimpleString)
    ]
    if not texts or len(texts) < len(node.elements):
        return
    for text in donors.strings:
        if text not in texts:
            longer = _separated([*node.elements, cst.Element(cst.SimpleString(text))])
            yield Replacement("add_element", f"add {text}", node.with_changes(elements=longer))


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


def _other_arguments(node: cst.Call, donors: Donors) -> Iterator[Replacement]:
    """Gives a call a named argument as other calls of the same function have it."""
    name = text_of(node.func)
    own = {argument.keyword.value: argument for argument in node.args if argument.keyword}
    is_open = any(argument.star for argument in node.args)
    for keyword, others in donors.arguments.get(name, {}).items():
        for other in others:
            plain = other.with_changes(comma=cst.MaybeSentinel.DEFAULT)
            told = f"{text_of(other).rstrip(', ')} of {source_of(node.func)}()"
            if keyword not in own and not is_open:
                args = _separated([*node.args, plain])
                yield Replacement("add_argument", f"add {told}", node.with_changes(args=args))
            elif keyword in own and text_of(own[keyword].value) != text_of(other.value):
                args = [
                    mine.with_changes(value=other.value) if mine is own[keyword] else mine
                    for mine in node.args
                ]
                yield Replacement("change_argument", f"set {told}", node.with_changes(args=args))


def _slice(node: cst.Subscript) -> Iterator[Replacement]:
    (first, *others) = node.slice
    if others or not isinstance(first.slice, cst.Slice):
        return
    for end in ("lower", "upper", "step"):
        if getattr(first.slice, end) is not None:
            changed = first.with_changes(slice=first.slice.with_changes(**{end: None}))
            made = node.with_changes(slice=[changed])
            yield Replacement("open_slice", f"{source_of(node)} -> {source_of(made)}", made)
