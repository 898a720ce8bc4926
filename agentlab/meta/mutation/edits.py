"""All single edits of a source file."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from agentlab.meta.mutation.constants import of_constant
from agentlab.meta.mutation.literals import of_collection
from agentlab.meta.mutation.logic import of_logic
from agentlab.meta.mutation.replacement import Replacement, source_of
from agentlab.meta.mutation.statements import of_block
from agentlab.meta.mutation.surroundings import (
    Donors,
    Function,
    Surroundings,
    find_donors,
    find_function,
)

__all__ = ["Edit", "edits_of"]

_OPERATORS: tuple[Callable[[cst.CSTNode, Surroundings], Iterator[Replacement]], ...] = (
    of_constant,
    of_logic,
    of_collection,
    of_block,
)


class _Statement(NamedTuple):
    """A statement of the module's own level; an edit writes it anew and copies the rest."""

    module: cst.Module
    node: cst.CSTNode
    before: str
    after: str


class Edit(NamedTuple):
    """One edit of one file."""

    operator: str
    line: int
    what: str
    subject: str
    """What the edited value is called (a keyword, a variable); empty where it has no name."""

    statement: _Statement
    old: cst.CSTNode
    new: cst.CSTNode

    def apply(self) -> bytes:
        """Returns the edited source."""
        module, node, before, after = self.statement
        changed = self.new if node is self.old else node.deep_replace(self.old, self.new)
        assert isinstance(changed, cst.CSTNode)
        text = f"{before}{module.code_for_node(changed)}{after}"
        return text.encode(module.encoding)


class _Collector(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self._statements = {id(one.node): one for one in _statements(module)}
        self._donors: Donors = find_donors(module)
        self._ancestors: list[cst.CSTNode] = []
        self._functions: list[Function | None] = [None]
        self._loops = [0]
        self._sets = 0
        self.edits: list[Edit] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            self._functions.append(find_function(node))
            self._loops.append(0)
        self._loops[-1] += isinstance(node, cst.For | cst.While)
        self._sets += _is_set(node)
        self._collect(node)
        self._ancestors.append(node)
        # Annotations and imports decide nothing at run time.
        return not isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._ancestors.pop()
        self._loops[-1] -= isinstance(original_node, cst.For | cst.While)
        self._sets -= _is_set(original_node)
        if isinstance(original_node, cst.FunctionDef):
            self._functions.pop()
            self._loops.pop()

    def _collect(self, node: cst.CSTNode) -> None:
        if not self._ancestors:
            return
        around = Surroundings(
            parent=self._ancestors[-1],
            function=self._functions[-1],
            is_in_loop=self._loops[-1] > 0,
            is_unordered=self._sets > 0,
            donors=self._donors,
        )
        top = self._ancestors[1] if len(self._ancestors) > 1 else node
        for operator in _OPERATORS:
            for found in operator(node, around):
                line = self.get_metadata(PositionProvider, node).start.line
                subject = _subject(node) or _subject(around.parent)
                self.edits.append(
                    Edit(
                        found.operator,
                        line,
                        found.what,
                        subject,
                        self._statements[id(top)],
                        node,
                        found.node,
                    )
                )


@functools.lru_cache(maxsize=32)
def edits_of(source: bytes) -> tuple[Edit, ...]:
    """Returns every single edit of a Python source, in order of place; none if it cannot parse."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(source))
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError):
        return ()
    collector = _Collector(wrapper.module)
    wrapper.visit(collector)
    return tuple(collector.edits)


def _statements(module: cst.Module) -> Iterator[_Statement]:
    header, footer = (
        "".join(map(module.code_for_node, lines)) for lines in (module.header, module.footer)
    )
    texts = [module.code_for_node(statement) for statement in module.body]
    for place, node in enumerate(module.body):
        before = header + "".join(texts[:place])
        yield _Statement(module, node, before, "".join(texts[place + 1 :]) + footer)


def _is_set(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value in ("set", "frozenset")
    return isinstance(node, cst.Set)


def _subject(node: cst.CSTNode | None) -> str:
    if isinstance(node, cst.Arg) and node.keyword is not None:
        return node.keyword.value
    if isinstance(node, cst.Param):
        return node.name.value
    if isinstance(node, cst.Assign):
        return source_of(node.targets[0].target)
    return ""
