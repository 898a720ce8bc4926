"""Random search: what scores higher on the same train pairs is gone on from, and nothing is tested.

The loop that most people write first, as a column to compare a run with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Traits
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.value import digest
from agentlab.measure.halving import scored_higher, standings
from agentlab.search.budget import Budget, Spending
from agentlab.search.lab import RunLab
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["RandomFound", "random_search"]


class RandomFound(NamedTuple):
    """What scored highest, and what that took."""

    winner: Candidate
    trials: int
    proposals: int
    kept: int


def random_search(
    meta_agent: MetaAgent,
    measuring: Measuring,
    schedule: Schedule,
    *,
    lab: RunLab,
    baseline: Candidate,
    traits: Traits,
    trials: int,
    seed: int,
    add_candidate: Callable[[Candidate], None],
) -> RandomFound:
    """Searches until so many trials were looked at; a function of seed and records.

    Args:
        meta_agent: Proposes one candidate at a time, made from the best so far.
        measuring: Gives records.
        schedule: Gives the train pairs, the same for all.
        lab: Takes note of what was proposed.
        baseline: The target as it came.
        traits: Directions of metrics.
        trials: How many to look at, those of the last proposal measured to its end.
        seed: Decides what is proposed.
        add_candidate: Keeps a candidate's files.
    """
    pairs = schedule.block("train", "random", 0)
    spending = Spending(Budget(), elapsed_s=lambda: 0.0)
    measuring.require_prepared(baseline)
    best, theirs = baseline, measuring.on(baseline, pairs)
    spending.add(theirs)
    proposals = kept = 0
    while spending.trials < trials:
        drawn = int(digest([seed, "random", proposals])[:8], 16)
        found = meta_agent.propose(lab, [best], count=1, seed=drawn)
        if not found:
            break
        (candidate,) = found
        proposals += 1
        add_candidate(candidate)
        lab.add_proposed([candidate])
        if measuring.prepare([candidate]):
            spending.add(measuring.preparation(candidate))
            continue
        (first,) = measuring.on(candidate, pairs[:1])
        spending.add([*measuring.preparation(candidate), first])
        if not first.fate.is_judged:
            continue
        mine = measuring.on(candidate, pairs)
        spending.add(mine)
        standing = standings(
            {candidate.digest: mine}, theirs, objective=lab.objective, traits=traits
        )[candidate.digest]
        if scored_higher(standing):
            best, theirs = candidate, mine
            kept += 1
    return RandomFound(best, spending.trials, proposals, kept)
