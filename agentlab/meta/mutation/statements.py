"""Operators on the statements of a block."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of
from agentlab.meta.mutation.surroundings import Surroundings, text_of

__all__ = ["of_block"]


def of_block(node: cst.CSTNode, around: Surroundings) -> Iterator[Replacement]:
    """Yields a block with a statement deleted, doubled, swapped, guarded, unguarded or cut off."""
    if not isinstance(node, cst.IndentedBlock):
        return
    for place, statement in enumerate(node.body):
        if not _is_docstring(statement):
            yield from _changed(node, place)
            yield from _guarded(node, place, around)
    yield from _left_early(node, around)


def _changed(block: cst.IndentedBlock, place: int) -> Iterator[Replacement]:
    statement = block.body[place]
    before, after = block.body[:place], block.body[place + 1 :]
    what = source_of(statement)

    def made(operator: str, told: str, *body: cst.BaseStatement) -> Replacement:
        return Replacement(operator, told, block.with_changes(body=[*before, *body]))

    rest = after or ([] if before else [cst.SimpleStatementLine([cst.Pass()])])
    jump = _jump_of(statement)
    # Apart from the rest: how often a loop goes round is how often the tools in it are called.
    yield made("delete_jump" if jump else "delete_statement", f"delete `{what}`", *rest)
    if jump is not None:
        other = cst.Continue() if isinstance(jump, cst.Break) else cst.Break()
        told = f"`{source_of(jump)}` -> `{source_of(other)}`"
        yield made("change_jump", told, statement.with_changes(body=[other]), *after)
    # Nothing runs after a statement that leaves the block.
    if not _leaves(statement):
        yield made("double_statement", f"double `{what}`", statement, statement, *after)
    if after:
        yield made(
            "swap_statements", f"swap `{what}` with the next", after[0], statement, *after[1:]
        )
    if (
        isinstance(statement, cst.If)
        and statement.orelse is None
        and isinstance(statement.body, cst.IndentedBlock)
    ):
        yield made("unguard", f"always `{what}`", *statement.body.body, *after)


_GUARDABLE = (cst.SimpleStatementLine, cst.For, cst.While, cst.With, cst.Try)


def _guarded(block: cst.IndentedBlock, place: int, around: Surroundings) -> Iterator[Replacement]:
    """Puts a statement under a condition that its function tests elsewhere."""
    statement = block.body[place]
    tested = text_of(around.parent.test) if isinstance(around.parent, cst.If) else ""
    if not isinstance(statement, _GUARDABLE) or around.function is None:
        return
    for condition in around.function.conditions:
        if text_of(condition) == tested:
            continue
        inner = cst.IndentedBlock([statement.with_changes(leading_lines=[])])
        guard = cst.If(condition, inner, leading_lines=statement.leading_lines)
        made = block.with_changes(body=[*block.body[:place], guard, *block.body[place + 1 :]])
        what = f"`{source_of(statement)}` only if {source_of(condition)}"
        yield Replacement("guard_statement", what, made)


def _left_early(block: cst.IndentedBlock, around: Surroundings) -> Iterator[Replacement]:
    """Leaves the loop or the function at the end of a conditional block."""
    if not isinstance(around.parent, cst.If) or _leaves(block.body[-1]):
        return
    exits: list[cst.SimpleStatementLine] = []
    if around.is_in_loop:
        exits += (cst.SimpleStatementLine([kind()]) for kind in (cst.Continue, cst.Break))
    if around.function is not None:
        exits += around.function.leaves or (cst.SimpleStatementLine([cst.Return()]),)
    for leave in exits:
        plain = leave.with_changes(leading_lines=[])
        made = block.with_changes(body=[*block.body, plain])
        yield Replacement(
            "leave_early", f"`{source_of(plain)}` after `{source_of(block.body[-1])}`", made
        )


def _jump_of(statement: cst.BaseStatement) -> cst.Break | cst.Continue | None:
    if isinstance(statement, cst.SimpleStatementLine):
        last = statement.body[-1]
        return last if isinstance(last, cst.Break | cst.Continue) else None
    return None


def _leaves(statement: cst.BaseStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(
        statement.body[-1], cst.Return | cst.Raise | cst.Continue | cst.Break
    )


def _is_docstring(statement: cst.BaseStatement) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )
