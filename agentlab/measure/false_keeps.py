"""What a rule promises about false keeps, and how many of those there were among canaries."""

from __future__ import annotations

import math
from collections.abc import Sequence

from agentlab.core.decision import Decision
from agentlab.core.objective import GateRule, KeepRule, PairedRule, StrictRule
from agentlab.core.result import Canaries, ErrorBudget
from agentlab.measure.binomial import chance_of, exact_interval
from agentlab.measure.rules.strict import level_of

__all__ = ["canaries_of", "error_budget"]


def error_budget(decisions: Sequence[Decision], rule: KeepRule) -> ErrorBudget | None:
    """Returns what a rule promises of the proposals that it tested.

    None where it tested none, or is no test. By Markov's inequality the chance that any of them is
    kept by luck is not above the number that is to be expected.
    """
    levels = _levels(decisions, rule)
    if not levels:
        return None
    return ErrorBudget(
        tested=len(levels),
        false_keeps=math.fsum(levels),
        fdr=rule.fdr if isinstance(rule, StrictRule) else None,
    )


def canaries_of(
    canaries: Sequence[Decision],
    rule: KeepRule,
    *,
    proposals: Sequence[Decision] = (),
    is_seeded: bool,
    are_wanted: bool = False,
) -> Canaries | None:
    """Returns what the gate made of canaries; None where there were none and none were wanted.

    Args:
        canaries: What was decided of them.
        rule: By which rule.
        proposals: The decisions of the run that they went beside; none in an A/A, where the
            canaries are all that there is, and what was decided of one counts for the next.
        is_seeded: Whether they were measured on other seeds.
        are_wanted: Whether the run was to send some.
    """
    if not canaries and not are_wanted:
        return None
    kept = sum(one.is_passed for one in canaries)
    levels = _levels(canaries, rule, beside=proposals)
    return Canaries(
        asked=len(canaries),
        at_gate=len(_at_gate(canaries)),
        kept=kept,
        varied=sum(any(seen.spread or seen.mean for seen in one.tested) for one in canaries),
        rate=exact_interval(kept, len(canaries)),
        expected=None if levels is None else math.fsum(levels),
        tail=None if levels is None else chance_of(kept, levels),
        trials=sum(one.trials for one in canaries),
        is_seeded=is_seeded,
    )


def _levels(
    decisions: Sequence[Decision], rule: KeepRule, *, beside: Sequence[Decision] = ()
) -> list[float] | None:
    """Returns the level of each decision at the gate; None where the rule is no test."""
    if isinstance(rule, PairedRule | GateRule):
        return [rule.alpha] * len(_at_gate(decisions))
    if not isinstance(rule, StrictRule):
        return None
    return [
        level_of(
            [other for other in beside or decisions if other.number < one.number], fdr=rule.fdr
        )
        for one in _at_gate(decisions)
    ]


def _at_gate(decisions: Sequence[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.stage == "gate"]
