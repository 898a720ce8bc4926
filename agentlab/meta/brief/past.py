"""What earlier proposals came to: the gate's word and its reason, and what moved task by task."""

from __future__ import annotations

from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.gains import gain_by_task
from agentlab.meta.lab.fence import fenced
from agentlab.meta.lab.shown import decision_lines
from agentlab.report.escape import one_line

__all__ = ["past_line"]

_MOVED = 0.005
_MOST_TASKS = 6


def past_line(lab: Lab, decision: Decision) -> str:
    """Returns one proposal: what the gate said and why, and the train tasks it gained and lost."""
    lines = decision_lines(decision)
    by_task = gain_by_task(lab, decision.candidate, decision.incumbent)
    moved = {task: gain.success for task, gain in by_task.items() if abs(gain.success) > _MOVED}
    for word, sign in (("gained", 1.0), ("lost", -1.0)):
        tasks = sorted(
            (task for task in moved if moved[task] * sign > 0), key=lambda t: -abs(moved[t])
        )
        if tasks:
            shown = ", ".join(f"{task} {moved[task]:+.2f}" for task in tasks[:_MOST_TASKS])
            lines.append(f"  {word} on train: {shown}")
    if by_task and not moved:
        lines.append("  no train task moved")
    if decision.verdict is not Verdict.KEPT:
        lines.append(f"  hypothesis: {one_line(_hypothesis(lab, decision), limit=300)}")
    return fenced(f"proposal {decision.number}", "\n".join(lines))


def _hypothesis(lab: Lab, decision: Decision) -> str:
    return lab.candidate(decision.candidate).hypothesis
