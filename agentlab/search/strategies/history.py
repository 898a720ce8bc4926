"""What a strategy chooses from: the candidates of a run and how far each got on train tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.meta_agent import Lab
from agentlab.meta.gains import gain

__all__ = ["History", "main_line", "measured", "values"]


class History(NamedTuple):
    """A run so far; the same for any number of slots."""

    lab: Lab
    incumbent: Candidate
    baseline: str
    """Digest of the target as it came."""

    batch: int
    """Number of the batch that is asked for, from 1."""

    first_numbers: Sequence[int]
    """Number of the first proposal of each earlier batch."""


def measured(history: History) -> list[Decision]:
    """Returns the decisions on candidates that were compared with the incumbent."""
    return [decision for decision in history.lab.decisions if decision.stage in ("halving", "gate")]


def main_line(history: History) -> set[str]:
    """Returns all that is or was the incumbent: an edit of one of those is for the last of them."""
    earlier = {decision.incumbent for decision in history.lab.decisions}
    return {history.baseline, history.incumbent.digest} | earlier


def values(history: History) -> Mapping[str, float]:
    """Returns how much better than the baseline each measured candidate looks, by digest.

    A candidate is compared with the incumbent of its time, so its value is that incumbent's and its
    own gain, in the objective and in graded progress: a stepping stone is worth something though it
    solves nothing yet. Where something else than success is wanted, success is only not to be lost.
    """
    lab = history.lab
    is_success = lab.objective.metric == "success"
    found = {history.baseline: 0.0}
    for decision in measured(history):
        gained = gain(lab, decision.candidate, decision.incumbent)
        steered = gained.progress if is_success else min(0.0, gained.success)
        found[decision.candidate] = found.get(decision.incumbent, 0.0) + gained.objective + steered
    return found
