"""Episodes worth reading: what fails, and a failing one beside a passing one of the same task."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.meta_agent import Workshop
from agentlab.core.trial import TrialRecord
from agentlab.meta.lab.fence import cut, fenced
from agentlab.meta.lab.shown import first_difference, record_line, steps_of, trace_lines

__all__ = ["failing_episode", "side_by_side"]

_BEFORE, _AFTER = 2, 5
"""Steps that are shown around the first difference."""

_TRACE_CHARACTERS = 6000


def failing_episode(workshop: Workshop, records: Sequence[TrialRecord], task: str) -> str | None:
    """Returns the worst episode of a task in full, or None where none fell short."""
    failed = [r for r in records if r.task == task and r.fate.counts and r.success < 1]
    if not failed:
        return None
    worst = min(failed, key=lambda record: (record.success, record.seed))
    shown = trace_lines(workshop.trace(worst.key))
    return fenced(f"failing episode, {record_line(worst)}", cut(shown, _TRACE_CHARACTERS))


def side_by_side(workshop: Workshop, records: Sequence[TrialRecord], task: str) -> str | None:
    """Returns where a failing and a passing episode of a task part; None without both."""
    own = [record for record in records if record.task == task and record.fate.counts]
    passed = [record for record in own if record.success >= 1]
    failed = [record for record in own if record.success < 1]
    if not passed or not failed:
        return None
    good, bad = passed[0], failed[0]
    ours, theirs = (steps_of(workshop.trace(record.key)) for record in (good, bad))
    if not ours or not theirs:
        return None
    place = first_difference(ours, theirs)
    first = max(0, place - _BEFORE)
    parts = [f"they part at step {place + 1}"]
    for name, record, steps in (("passes", good, ours), ("fails", bad, theirs)):
        parts.append(f"{name}: {record_line(record)}")
        window = steps[first : place + _AFTER]
        parts += [f"  {number}. {step}" for number, step in enumerate(window, first + 1)]
    label = f"{task}: one episode that passes and one that fails"
    return fenced(label, cut("\n".join(parts), _TRACE_CHARACTERS))
