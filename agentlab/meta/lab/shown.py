"""Episodes, comparisons and decisions in words, for an agent that reads them.

No times: what is shown is the same in a run that was resumed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from agentlab.core.decision import Decision
from agentlab.core.measured import measured
from agentlab.core.objective import Objective
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.core.value import JsonValue
from agentlab.report.escape import one_line

__all__ = [
    "compared",
    "decision_lines",
    "first_difference",
    "mean_and_error",
    "record_line",
    "signed",
    "steps_of",
    "trace_lines",
]

_MOST_STEPS = 60
_STEP_CHARACTERS = 400


def signed(value: float, error: float | None = None) -> str:
    """Returns a difference with its sign and, where it is known, its standard error.

    >>> signed(0.0123, 0.04), signed(-0.5)
    ('+0.012 +- 0.040', '-0.500')
    """
    return f"{value:+.3f}" if error is None else f"{value:+.3f} +- {error:.3f}"


def mean_and_error(values: Sequence[float]) -> tuple[float, float | None]:
    """Returns a mean and its standard error; None where there are fewer than two values.

    >>> mean_and_error([0.0, 1.0])
    (0.5, 0.5)
    """
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, None
    spread = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(spread / len(values))


def record_line(record: TrialRecord) -> str:
    """Returns one line on how a trial ended."""
    success = f", success {record.success:g}" if record.fate.is_judged else ""
    reason = f": {one_line(record.reason, limit=200)}" if record.reason else ""
    said = record.outcome.feedback if record.outcome else ""
    feedback = f"; {one_line(said, limit=300)}" if said else ""
    return f"{record.task} seed {record.seed}: {record.fate.value}{success}{reason}{feedback}"


def compared(
    mine: Sequence[TrialRecord], theirs: Sequence[TrialRecord], objective: Objective
) -> str:
    """Returns a table of two candidates on common pairs: task by task, then the paired mean."""
    metric = objective.metric
    sign = 1.0 if objective.direction == "higher" else -1.0
    lines, gains = [], []
    for one, other in zip(mine, theirs, strict=True):
        value, before = measured(one, metric), measured(other, metric)
        shown = f"{_shown(before)} -> {_shown(value)}"
        if value is not None and before is not None and one.fate.counts and other.fate.counts:
            gains.append(sign * (value - before))
        lines.append(f"{record_line(one)}; {metric} {shown} (before: {other.fate.value})")
    if not gains:
        return "\n".join([*lines, "nothing could be compared"])
    mean, error = mean_and_error(gains)
    lines.append(f"{metric}, better is positive: {signed(mean, error)} over {len(gains)} pairs")
    lines.append(_reading(mean, error))
    return "\n".join(lines)


def _reading(mean: float, error: float | None) -> str:
    if error is None:
        return "one pair says nothing of noise"
    if abs(mean) < 2 * error or (mean == 0 and error == 0):
        return "undecided: that may be noise"
    return "more than noise on these pairs; the gate looks at others"


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


def decision_lines(decision: Decision) -> list[str]:
    """Returns what became of a proposal: one line, then its differences.

    Where our side failed it says so: that tells nothing of the idea.
    """
    verdict = "not measured, our side failed" if decision.cause == "our side" else decision.verdict
    lines = [
        f"#{decision.number} {one_line(decision.label)}: {verdict} at {decision.stage}: "
        f"{one_line(decision.reason, limit=200)}"
    ]
    for metric, found in decision.differences.items():
        lines.append(f"  {metric} {found.estimate:+.3f} [{found.low:+.3f}, {found.high:+.3f}]")
    return lines


def steps_of(frames: Sequence[TraceFrame]) -> list[str]:
    """Returns an episode step by step: a call with its answer, or how it ended."""
    steps: list[str] = []
    for each in frames:
        frame = each.frame
        if "call" in frame:
            arguments = frame.get("args")
            given = arguments if isinstance(arguments, Mapping) else {}
            inner = ", ".join(f"{name}={_short(value, 160)}" for name, value in given.items())
            steps.append(f"{frame.get('tool')}({inner})")
        elif "result" in frame and steps:
            steps[-1] += f" -> {_short(frame.get('value'), _STEP_CHARACTERS)}"
        elif "error" in frame and steps:
            steps[-1] += f" -> error {frame.get('kind')}: {frame.get('message')}"
        elif "answer" in frame:
            steps.append(f"answer {_short(frame['answer'], _STEP_CHARACTERS)}")
        elif "crash" in frame:
            steps.append(f"crash {_short(frame['crash'], 1500)}")
    return steps


def trace_lines(frames: Sequence[TraceFrame]) -> str:
    """Returns an episode, its middle left out where it is long."""
    steps = [f"{number}. {step}" for number, step in enumerate(steps_of(frames), 1)]
    if not steps:
        return "no frames of this episode were kept"
    if len(steps) > _MOST_STEPS:
        half = _MOST_STEPS // 2
        steps = [*steps[:half], f"[{len(steps) - 2 * half} steps left out]", *steps[-half:]]
    return "\n".join(steps)


def first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    """Returns the place of the first step in which two episodes differ.

    >>> first_difference(["look", "left"], ["look", "right"])
    1
    """
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _short(value: JsonValue, limit: int) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"
