"""What an operator may know of the place of a node: its parent, its function, its module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import libcst as cst

from agentlab.meta.mutation.replacement import source_of

__all__ = ["Donors", "Function", "Surroundings", "find_donors", "find_function", "text_of"]


class Donors(NamedTuple):
    """Pieces of a module that may stand elsewhere in it, each once, in order of place."""

    strings: tuple[str, ...]
    """Source of the plain strings that are elements of collections."""

    arguments: Mapping[str, Mapping[str, tuple[cst.Arg, ...]]]
    """Named arguments with a constant or a name, by called function and keyword."""


class Function(NamedTuple):
    """Pieces of one function."""

    conditions: tuple[cst.BaseExpression, ...]
    """What its `if` statements test."""

    leaves: tuple[cst.SimpleStatementLine, ...]
    """Its `return` statements, each text once."""


class Surroundings(NamedTuple):
    """The place of a node."""

    parent: cst.CSTNode | None
    function: Function | None
    is_in_loop: bool
    """Whether `break` and `continue` have a meaning here."""

    is_unordered: bool
    """Whether it becomes part of a set, to which order and repetition are nothing."""

    donors: Donors


def text_of(node: cst.CSTNode) -> str:
    """Returns the source of a node, whole; two nodes of the same text are the same code."""
    return source_of(node, limit=1_000_000)


def find_donors(module: cst.Module) -> Donors:
    """Returns the pieces of a module."""
    strings: dict[str, None] = {}
    arguments: dict[str, dict[str, dict[str, cst.Arg]]] = {}
    for node in _walk(module):
        if isinstance(node, cst.Element) and isinstance(node.value, cst.SimpleString):
            strings[node.value.value] = None
        elif isinstance(node, cst.Call):
            by_keyword = arguments.setdefault(text_of(node.func), {})
            for argument in node.args:
                if argument.keyword is not None and isinstance(argument.value, _PORTABLE):
                    texts = by_keyword.setdefault(argument.keyword.value, {})
                    texts[text_of(argument.value)] = argument
    return Donors(
        tuple(strings),
        {
            function: {keyword: tuple(texts.values()) for keyword, texts in by_keyword.items()}
            for function, by_keyword in arguments.items()
        },
    )


_PORTABLE = (cst.Integer, cst.Float, cst.SimpleString, cst.Name)
"""Values that mean the same in another call: constants, and names that are mostly constants."""


def find_function(function: cst.FunctionDef) -> Function:
    """Returns the pieces of a function."""
    conditions: dict[str, cst.BaseExpression] = {}
    leaves: dict[str, cst.SimpleStatementLine] = {}
    for node in _walk(function.body):
        if isinstance(node, cst.If):
            conditions[text_of(node.test)] = node.test
        elif isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Return):
            leaves[text_of(node)] = node
    return Function(tuple(conditions.values()), tuple(leaves.values()))


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _walk(child)
