"""What a run found beside its numbers, block by block, for screen and report alike."""

from __future__ import annotations

from collections.abc import Iterator

from agentlab.core.counting import counted
from agentlab.core.result import RunResult
from agentlab.core.spending import less_words
from agentlab.report.escape import one_line
from agentlab.report.false_keeps import curse_lines, false_keep_lines
from agentlab.report.format import (
    count,
    difference,
    duration,
    figure,
    improvement,
)
from agentlab.report.readiness import plan_line
from agentlab.report.record import RunRecord
from agentlab.report.rounds import round_lines
from agentlab.report.sections import metric_name

__all__ = [
    "accepted_lines",
    "findings",
    "front_lines",
    "outlook_lines",
    "survival_lines",
]

_ON_FRONT = 8
"""So many points are told, the latest."""


def findings(record: RunRecord) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields a title and its lines, for each block that has something to tell."""
    result = record.result
    for title, lines in (
        ("Accepted before the first proposal", accepted_lines(result)),
        ("Front of success, context and cost", front_lines(record)),
        ("Rounds", round_lines(result)),
        ("What survives on unseen groups", survival_lines(result)),
        ("The winner's curse", curse_lines(result)),
        ("False keeps", false_keep_lines(result)),
        ("What it would have taken", outlook_lines(result)),
    ):
        if lines:
            yield title, lines


def accepted_lines(result: RunResult) -> tuple[str, ...]:
    """Returns what spoke against the run before its first proposal and was accepted."""
    readiness = result.readiness
    return tuple(problem.said for problem in readiness.problems) if readiness else ()


def front_lines(record: RunRecord) -> tuple[str, ...]:
    """Returns the candidates on the front of success, context and cost, and how it grew.

    Nothing where success is all that is metered, or where nothing is better than the baseline.
    """
    front = record.result.front
    if front is None or len(front.axes) < 2 or not front.points:
        return ()
    labels = {decision.number: decision.label for decision in record.decisions}
    lines = [
        f"#{point.number} {one_line(labels.get(point.number, ''), limit=60)}: success "
        f"{figure(point.success, sign='+')}, "
        f"{', '.join(less_words(metric, share) for metric, share in point.saved.items())}, "
        f"{counted(point.pairs, 'pair')}{'' if point.is_kept else ', not kept'}"
        for point in front.points[-_ON_FRONT:]
    ]
    if (left := len(front.points) - len(lines)) > 0:
        lines.append(f"and {count(left)} earlier ones")
    grown = [f"{step.hypervolume:.3g} (#{step.number})" for step in front.growth[1:]]
    steps = [f"{front.growth[0].hypervolume:.3g}", *grown[-_ON_FRONT:]]
    reference = f"from a reference {front.slack:g} worse than the baseline"
    lines.append(f"hypervolume {' -> '.join(steps)}, {reference}")
    return tuple(lines)


def survival_lines(result: RunResult) -> tuple[str, ...]:
    """Returns what of the gain on groups that the search saw is there on groups that nobody saw."""
    lines = []
    for found in result.survival:
        sides = f"{difference(found.seen)} on groups seen, {difference(found.unseen)} on unseen"
        what = f"gap {difference(found.gap)}"
        # Of a gain that is hardly known a share means nothing, nor does one of more than there was.
        if (share := found.share) is not None and share.high - share.low <= 1:
            percent = [f"{part * 100:.0f}" for part in (share.estimate, share.low, share.high)]
            what += (
                f"; {percent[0]} % of it survives [{percent[1]}, {percent[2]}]"
                if share.estimate <= 1
                else "; all of it survives"
            )
        lines.append(f"{metric_name(found.metric)}: {sides}; {what}")
    return tuple(lines)


def outlook_lines(result: RunResult) -> tuple[str, ...]:
    """Returns what the run could have shown and what its nearest miss would have taken.

    Nothing where all that was promising was kept.
    """
    detectable = result.detectable
    if detectable is None or (result.kept and detectable.nearest is None):
        return ()
    metric = metric_name(detectable.metric)
    compared = f"with {counted(detectable.pairs, 'paired comparison')} each"
    lines = [f"{compared} no improvement of {metric}, however large, would have shown"]
    if detectable.improvement is not None:
        least = improvement(detectable.improvement, is_relative=detectable.is_relative)
        lines = [
            f"{compared} the gate keeps an improvement of {least} in {metric} four times out of "
            "five; a smaller one it takes for luck more often"
        ]
    if (nearest := detectable.nearest) is not None:
        gain = improvement(nearest.gain, is_relative=detectable.is_relative)
        lines.append(
            f"nearest: #{nearest.number} {one_line(nearest.label, limit=60)}, {gain}; if that is "
            f"true, it takes about {count(nearest.pairs_needed)} comparisons "
            f"({counted(nearest.trials_needed, 'trial')}, {duration(nearest.needed_s)}): "
            f"--set objective.rule.max_blocks={nearest.blocks_needed}"
        )
    elif (known := result.readiness) is not None and (
        (known.detectable, known.pairs) == (detectable.improvement, detectable.pairs)
    ):
        lines.append(plan_line(known))
    return tuple(lines)
