"""What a report says of rounds: how each ended, and whether components are coupled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentlab.core.counting import counted
from agentlab.core.result import RunResult
from agentlab.core.rounds import Coupling, RoundResult
from agentlab.report.escape import one_line
from agentlab.report.format import difference, with_interval

__all__ = ["round_lines"]


def round_lines(result: RunResult) -> tuple[str, ...]:
    """Returns a line for each round, and after it what is coupled; nothing without rounds."""
    return tuple(line for one in result.rounds for line in _lines(one))


def _lines(one: RoundResult) -> Iterator[str]:
    kept = f"{one.kept} of {counted(one.proposals, 'proposal')} kept"
    yield (
        f"{one.number} {one.name}: {kept} with {_and(one.open)} open, "
        f"{counted(one.trials, 'trial')}; ended by {one.stopped_by}"
    )
    if one.coupling is not None:
        yield from _coupling(one.coupling)


def _coupling(found: Coupling) -> Iterator[str]:
    earlier, later = _and(found.earlier), _and(found.later)
    yield f"{earlier} and {later} {_WORDS[found.finding]}: {found.reason}"
    if found.corners is not None and found.proposal is not None:
        name = f"#{found.proposal} {one_line(found.label, limit=60)}"
        corners = found.corners
        yield (
            f"{earlier} as it came: {with_interval(corners.neither)}, with {name} "
            f"{with_interval(corners.later)}"
        )
        yield (
            f"{earlier} changed: {with_interval(corners.earlier)}, with {name} "
            f"{with_interval(corners.both)}"
        )
    if found.interaction is not None and found.e_value is not None:
        yield (
            f"interaction {difference(found.interaction)} on {counted(found.pairs, 'pair')}, "
            f"e-value {found.e_value:,.3g}, {counted(found.trials, 'trial')}"
        )
    if found.finding == "coupled" and not found.is_joint:
        names = ", ".join(found.later)
        yield (
            "one after the other they may stay below what they come to together; tune both in one "
            f"round: rounds: [..., {{open: [{names}], earlier: open}}]"
        )


_WORDS = {
    "coupled": "are coupled",
    "independent": "are independent",
    "undecided": "may be coupled or not",
}


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
