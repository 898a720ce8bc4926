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
from agentlab.meta.mutation.replacement import Replacement
from agentlab.meta.mutation.statements import of_block

__all__ = ["Edit", "edits_of"]

_OPERATORS: tuple[Callable[[cst.CSTNode], Iterator[Replacement]], ...] = (
    of_constant,
    of_logic,
    of_collection,
    of_block,
)


class Edit(NamedTuple):
    """One edit of one file."""

    operator: str
    line: int
    what: str
    module: cst.Module
    old: cst.CSTNode
    new: cst.CSTNode

    def apply(self) -> bytes:
        """Returns the edited source."""
        changed = self.module.deep_replace(self.old, self.new)
        assert isinstance(changed, cst.Module)
        return changed.bytes


class _Collector(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self._module = module
        self.edits: list[Edit] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        for operator in _OPERATORS:
            for found in operator(node):
                line = self.get_metadata(PositionProvider, node).start.line
                self.edits.append(
                    Edit(found.operator, line, found.what, self._module, node, found.node)
                )
        # Annotations and imports decide nothing at run time.
        return not isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom)


@functools.lru_cache(maxsize=32)
def edits_of(source: bytes) -> tuple[Edit, ...]:
    """Returns every single edit of a Python source, in order of place; none if it cannot parse."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(source))
    except cst.ParserSyntaxError:
        return ()
    collector = _Collector(wrapper.module)
    wrapper.visit(collector)
    return tuple(collector.edits)
