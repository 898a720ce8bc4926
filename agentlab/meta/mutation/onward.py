"""The numeric optimiser: a number that was moved with success is moved on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.mutation.constants import number_node
from agentlab.meta.mutation.edits import Edit, edits_of

__all__ = ["moved_on", "steps"]

_NUMBER_CHANGE = re.compile(r"^(?:\w+_number|tighten_limit) (\S+):(\d+) (\S+) -> (\S+)$")


def moved_on(lab: Lab, incumbent: Candidate, source: str) -> Iterator[tuple[str, Edit]]:
    """Yields file and edit of every further step, the latest success first."""
    for decision in reversed(lab.decisions):
        if decision.verdict is Verdict.KEPT and decision.source == source:
            yield from _onward(decision, incumbent)


def steps(old: int | float, new: int | float) -> Iterator[int | float]:
    """Yields where to go after a step from old to new: further and further back towards old.

    The same factor again, twice the step, the step, half of it, and half of the way back.

    >>> list(steps(200, 100))
    [50, 150]
    >>> list(steps(0.5, 0.6))
    [0.72, 0.8, 0.7, 0.65, 0.55]
    """
    moved = new - old
    aims = [new * new / old] if old else []
    aims += (new + moved * part for part in (2, 1, 0.5, -0.5))
    known: set[int | float] = {old, new, 0}
    for aim in aims:
        whole = isinstance(old, int) and isinstance(new, int)
        rounded: int | float = round(aim) if whole else float(f"{aim:.4g}")
        if rounded > 0 and rounded not in known:
            known.add(rounded)
            yield rounded


def _onward(decision: Decision, incumbent: Candidate) -> Iterator[tuple[str, Edit]]:
    match = _NUMBER_CHANGE.search(decision.label)
    if match is None:
        return
    path, line, before, after = match.groups()
    site = _site(incumbent.files.get(path, b""), int(line), after)
    if site is not None:
        for value in steps(ast.literal_eval(before), ast.literal_eval(after)):
            made = number_node(value)
            yield (
                path,
                site._replace(operator="step_number", what=f"{after} -> {made.value}", new=made),
            )


def _site(source: bytes, line: int, number: str) -> Edit | None:
    """Returns an edit of the number nearest to a line; kept edits above it may have moved it."""
    found = [
        edit
        for edit in edits_of(source)
        if isinstance(edit.old, cst.Integer | cst.Float) and edit.old.value == number
    ]
    return min(found, key=lambda edit: abs(edit.line - line), default=None)
