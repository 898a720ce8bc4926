"""How an agent in a worktree hands in its work: what it is told of it, and what is read of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, cast

from agentlab.core.attempt import Prediction
from agentlab.core.candidate import TargetSpec
from agentlab.meta.command.worktree import BRIEF, HYPOTHESIS, OWN

__all__ = ["PROMPT", "hand_in", "predicted"]

PROMPT = f"Read {BRIEF} and do what it says, in this folder, without asking back."

_PREDICTS = re.compile(
    r"^\W*predicts\W*:\W*(better|same|worse)\b(?:\s+by)?\s*([\d.]+)?(?:\s+on\s+(.+))?$",
    re.IGNORECASE | re.MULTILINE,
)


def hand_in(target: TargetSpec) -> str:
    """Returns what an agent must leave behind in its worktree, and what it must not."""
    return f"""\
# Your task

This folder holds an agent, the target. Improve it by one coherent change; the state of the run is
below. Its trials cannot be run here: what you leave in this folder is measured once you have ended.

- Change or add only files that match: {", ".join(target.editable)}. All others are frozen: where
  one of them differs at the end, all of your work is discarded.
- Remove and rename nothing. No links, no binary files, no Git. Leave nothing else behind; what you
  need for yourself goes to /tmp.
- Before you end, write {HYPOTHESIS}. First line: the change, in at most 70 characters.
  Then why it should help, and how one would see that it did not. Last line, such as:
  `Predicts: better by 0.1 on TASK, TASK`, or `same` or `worse`.
- Nobody answers questions. End when you are done. Leave {OWN}/ otherwise alone.
"""


def predicted(hypothesis: str, tasks: Sequence[str]) -> Prediction | None:
    r"""Returns what a hypothesis predicts, or None where it says nothing that one could check.

    >>> predicted("Wait longer\\nPredicts: better by 0.2 on door, moon", ["door", "key"])
    Prediction(tasks=('door',), direction='better', size=0.2)
    """
    found = _PREDICTS.findall(hypothesis)
    if not found:
        return None
    direction, size, about = found[-1]
    try:
        share = min(1.0, float(size or 0))
    except ValueError:
        return None
    named = {name.strip(" `.") for name in about.split(",")}
    return Prediction(
        tasks=tuple(task for task in tasks if task in named),
        direction=cast(Literal["better", "same", "worse"], direction.lower()),
        size=share,
    )
