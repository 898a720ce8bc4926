"""From what an experiment says of its rule to the rule."""

from __future__ import annotations

from agentlab.core.objective import (
    ConfirmRule,
    GateRule,
    GreedyRule,
    KeepRule,
    MinDeltaRule,
    Objective,
    PairedRule,
    StrictRule,
)
from agentlab.measure.rules.confirm import Confirm
from agentlab.measure.rules.either import Either, at_half_level
from agentlab.measure.rules.gate import Gate
from agentlab.measure.rules.greedy import Greedy
from agentlab.measure.rules.min_delta import MinDelta
from agentlab.measure.rules.paired import Paired
from agentlab.measure.rules.rule import Rule
from agentlab.measure.rules.strict import Strict

__all__ = ["rule_for", "rule_of", "rule_problem"]


def rule_for(objective: Objective) -> Rule:
    """Returns the rule that reads all aims of an objective."""
    if objective.then is None:
        return rule_of(objective.rule)
    return Either(rule_of(at_half_level(objective.rule)))


def rule_of(given: KeepRule) -> Rule:
    """Returns the rule that a configuration names."""
    match given:
        case PairedRule():
            return Paired(given)
        case StrictRule():
            return Strict(given)
        case GateRule():
            return Gate(given)
        case GreedyRule():
            return Greedy()
        case MinDeltaRule():
            return MinDelta(given)
        case ConfirmRule():
            return Confirm()


def rule_problem(given: KeepRule, *, is_seeded: bool) -> str | None:
    """Returns why a rule has no meaning on such data, and what has; None where it has.

    Args:
        given: The rule.
        is_seeded: Whether a seed makes fresh instances of a task; fixed data have none.
    """
    looks = rule_of(given).looks
    if is_seeded and any(look.is_hidden for look in looks):
        return (
            f"'{given.name}' is for fixed data; this environment makes fresh instances from seeds: "
            "use paired"
        )
    repeats = not is_seeded and len(set(looks)) < len(looks)
    if repeats and not any(look.is_fresh for look in looks):
        return (
            f"'{given.name}' looks twice, and a second look at fixed data is the first again: "
            "use gate"
        )
    return None
