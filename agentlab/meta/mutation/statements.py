"""Operators on the statements of a block, and the transplant of one to another block."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of

__all__ = ["of_block"]


def of_block(node: cst.CSTNode) -> Iterator[Replacement]:
    """Yields a block with a statement deleted, doubled, swapped or cut off by a return."""
    if not isinstance(node, cst.IndentedBlock):
        return
    body = list(node.body)
    for place, statement in enumerate(body):
        if _is_docstring(statement):
            continue
        rest = body[:place] + body[place + 1 :]
        filled = rest or [cst.SimpleStatementLine([cst.Pass()])]
        what = source_of(statement)
        yield Replacement("delete_statement", f"delete `{what}`", node.with_changes(body=filled))
        doubled = [*body[: place + 1], statement, *body[place + 1 :]]
        yield Replacement("double_statement", f"double `{what}`", node.with_changes(body=doubled))
        if place + 1 < len(body):
            swapped = [*body[:place], body[place + 1], statement, *body[place + 2 :]]
            yield Replacement(
                "swap_statements", f"swap `{what}` with the next", node.with_changes(body=swapped)
            )
        if isinstance(statement, cst.If) and statement.orelse is None:
            bare = [*body[:place], *statement.body.body, *body[place + 1 :]]
            if isinstance(statement.body, cst.IndentedBlock):
                yield Replacement("unguard", f"always `{what}`", node.with_changes(body=bare))


def _is_docstring(statement: cst.BaseStatement) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )
