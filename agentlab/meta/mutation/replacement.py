"""What an operator offers for a node of the syntax tree."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

__all__ = ["Replacement", "source_of"]

_EMPTY = cst.Module(body=[])


class Replacement(NamedTuple):
    """A node to stand in another's place."""

    operator: str
    """Short name of the operator, by which its successes are counted."""

    what: str
    """What changes, in source, such as `200 -> 100`."""

    node: cst.CSTNode


def source_of(node: cst.CSTNode, limit: int = 40) -> str:
    """Returns the source of a node on one line, shortened."""
    text = " ".join(_EMPTY.code_for_node(node).split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
