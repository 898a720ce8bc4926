"""Which arm next: Thompson sampling over the decisions of a run, a function of the log."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from agentlab.core.decision import Decision, Verdict

__all__ = ["draw_arms", "reward"]

_STAGE_REWARD = {"static": 0.0, "smoke": 0.05, "halving": 0.1, "gate": 0.5}


def reward(decision: Decision) -> float:
    """Returns how well a proposal did, in [0, 1]: graded, since keeps are rare."""
    if decision.verdict is Verdict.KEPT:
        return 1.0
    bonus = 0.2 if decision.verdict is Verdict.UNDECIDED else 0.0
    return _STAGE_REWARD[decision.stage] + bonus


def draw_arms(
    arms: Mapping[str, float], history: Iterable[tuple[str, Decision]], generator: random.Random
) -> list[str]:
    """Returns the arms, the most promising draw first.

    Args:
        arms: Prior weight by arm; an arm of twice the weight starts as if twice as rewarding.
        history: Past decisions with the arm that each came from.
        generator: Source of all randomness.
    """
    won = dict.fromkeys(arms, 0.0)
    tried = dict.fromkeys(arms, 0.0)
    for arm, decision in history:
        if arm in arms:
            won[arm] += reward(decision)
            tried[arm] += 1.0
    draws = {
        arm: generator.betavariate(weight + won[arm], 4.0 + tried[arm] - won[arm])
        for arm, weight in arms.items()
    }
    return sorted(arms, key=lambda arm: draws[arm], reverse=True)
