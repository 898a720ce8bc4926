"""Which of several models makes the next proposal: what it gains for what it costs."""

from __future__ import annotations

import random
from collections.abc import Sequence

from agentlab.core.attempt import Attempt
from agentlab.core.decision import Decision
from agentlab.meta.bandit import reward

__all__ = ["choose_model"]


def choose_model(
    models: Sequence[str],
    attempts: Sequence[Attempt],
    decisions: Sequence[Decision],
    generator: random.Random,
) -> str:
    """Returns a model by Thompson sampling of its reward, each weighed by its cost.

    An attempt that came to nothing is a reward of 0. A reward is divided by 1 + the model's mean
    cost over that of all: its trials cost too, about as much as a usual attempt. Whoever was not
    tried yet goes first, in the order given.

    Args:
        models: At least one.
        attempts: Of the log.
        decisions: Of the log.
        generator: Source of all randomness.
    """
    decided = {decision.number: decision for decision in decisions}
    own = {model: [a for a in attempts if a.model == model] for model in models}
    untried = [model for model in models if not own[model]]
    if untried:
        return untried[0]
    costs = {model: sum(a.cost_usd for a in own[model]) / len(own[model]) for model in models}
    usual = sum(costs.values()) / len(costs)
    drawn = {}
    for model in models:
        known = [a for a in own[model] if a.failure or a.number in decided]
        won = sum(reward(decided[a.number]) for a in known if a.number in decided)
        value = generator.betavariate(1.0 + won, 4.0 + len(known) - won)
        drawn[model] = value / (1.0 + (costs[model] / usual if usual else 0.0))
    return max(models, key=lambda model: drawn[model])
