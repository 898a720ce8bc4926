"""The look that every proposal gets before it leaves: does it run, and is it plainly worse?"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.measured import measured
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.meta.lab.shown import mean_and_error, record_line, signed

__all__ = ["complaint"]

_ERRORS = 2.0
"""Standard errors by which it must look worse to be sent back."""


def complaint(
    mine: Sequence[TrialRecord], theirs: Sequence[TrialRecord], objective: Objective
) -> str:
    """Returns why a proposal should not be handed in as it is; empty where it may.

    Args:
        mine: Its train trials.
        theirs: The parent's, on the same pairs.
        objective: What is optimised.
    """
    broken = [record for record in mine if record.fate.counts and not record.fate.is_judged]
    whole = [record for record in theirs if record.fate.is_judged]
    if broken and len(broken) > len(theirs) - len(whole):
        return f"it breaks: {record_line(broken[0])}"
    sign = 1.0 if objective.direction == "higher" else -1.0
    gains = [
        sign * (value - before)
        for one, other in zip(mine, theirs, strict=True)
        if one.fate.counts
        and other.fate.counts
        and (value := measured(one, objective.metric)) is not None
        and (before := measured(other, objective.metric)) is not None
    ]
    if not gains:
        return ""
    mean, error = mean_and_error(gains)
    if error is None or mean >= 0 or mean + _ERRORS * error >= 0:
        return ""
    return f"it looks worse: {objective.metric} {signed(mean, error)} on {len(gains)} train pairs"
