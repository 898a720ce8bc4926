"""An A/A: the real loop on candidates that change nothing on average, and what it kept of them.

Batches, halving, rule, executor and journal are those of any run of the experiment; the proposals
are copies of the target (`agentlab.meta.canary`), each measured on instances of its own
(`agentlab.search.elsewhere`). None of them takes the incumbent's place, and nothing is measured at
the end: the sealed test stays sealed.
"""

from __future__ import annotations

from agentlab.core.counting import counted
from agentlab.core.objective import Objective
from agentlab.core.result import Canaries, RunResult
from agentlab.measure.false_keeps import canaries_of
from agentlab.measure.rules.choice import rule_of
from agentlab.search.loop import Found

__all__ = ["aa_result", "false_keeps_told"]


def aa_result(found: Found, objective: Objective, *, trials: int, is_seeded: bool) -> RunResult:
    """Returns the result of an A/A: a rate in place of scores.

    Args:
        found: What the search ended with; all its decisions are about canaries.
        objective: Whose rule decided.
        trials: All that were seen.
        is_seeded: Whether canaries were measured on other seeds.
    """
    canaries = canaries_of(found.decisions, objective.rule, is_seeded=is_seeded)
    return RunResult(
        run="",
        status="completed",
        verdict=_verdict(canaries),
        winner_digest=found.winner.digest,
        canaries=canaries,
        rule=objective.rule.name,
        is_tested=rule_of(objective.rule).is_test,
        trials=trials,
        deciding_trials=canaries.trials if canaries else 0,
        stopped_by=found.stopped_by,
    )


def false_keeps_told(canaries: Canaries | None) -> str:
    """Returns what a verdict must not leave out; nothing where no canary would have been kept."""
    if canaries is None or not canaries.kept:
        return ""
    return (
        f"; but the gate would also have kept {canaries.kept} of "
        f"{counted(canaries.asked, 'canary', 'canaries')}, which change nothing on average"
    )


def _verdict(canaries: Canaries | None) -> str:
    if canaries is None:
        return "A/A: the budget held no candidate"
    if not canaries.varied:
        return (
            f"A/A proves nothing: no outcome of {counted(canaries.asked, 'candidate')} differed "
            "from the incumbent's, so nothing here is left to luck"
        )
    rate = canaries.rate
    return (
        f"A/A: {canaries.kept} of {counted(canaries.asked, 'candidate')} that change nothing on "
        f"average were kept, {_percent(rate.estimate)} (95 % interval {_percent(rate.low)} to "
        f"{_percent(rate.high)})"
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
