"""One episode as it can be compared with another: what was asked, answered, and measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.outcome import Fate
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.core.value import JsonValue, canonical_json

__all__ = ["Call", "Played", "Where", "played", "result_of", "where_they_part"]

_TIMES = {"wall_s", "cpu_s"}
"""What differs from one run to the next whatever is measured."""


class Call(NamedTuple):
    """What a candidate asked for, and what it got."""

    tool: str
    arguments: Mapping[str, JsonValue]
    answer: JsonValue


class Played(NamedTuple):
    """An episode that ended, without its times."""

    fate: Fate
    reason: str
    calls: tuple[Call, ...]
    result: str
    """Fate, outcome and spending, as one canonical text."""

    artefact: str
    """Content address of what the preparation left behind; empty where there was none."""

    numbers: Mapping[str, float]
    """What can be measured of it, by name."""

    @property
    def is_lost(self) -> bool:
        """Whether our side could not run it."""
        return self.fate is Fate.INFRA

    @property
    def asked(self) -> list[tuple[str, Mapping[str, JsonValue]]]:
        """Tools and arguments of all calls."""
        return [(call.tool, call.arguments) for call in self.calls]

    @property
    def answers(self) -> list[JsonValue]:
        """What the calls were answered."""
        return [call.answer for call in self.calls]


Where = str
"""`preparation`, `calls` or `result`: the first in which two episodes differ."""


def played(
    record: TrialRecord, trace: Sequence[TraceFrame], preparation: TrialRecord | None
) -> Played:
    """Returns an episode in a form that can be compared."""
    outcome = record.outcome
    numbers: dict[str, float] = {
        name: float(value)
        for name, value in _spent(record).items()
        if isinstance(value, int | float)
    }
    if outcome is not None:
        numbers |= {"success": outcome.success, **outcome.metrics}
        numbers |= {"progress": outcome.progress} if outcome.progress is not None else {}
    return Played(
        fate=record.fate,
        reason=record.reason,
        calls=tuple(_calls(trace)),
        result=result_of(record),
        artefact=preparation.artefact.digest if preparation and preparation.artefact else "",
        numbers=numbers,
    )


def result_of(record: TrialRecord) -> str:
    """Returns what was measured in a trial, apart from time and words, as one canonical text."""
    outcome = record.outcome
    judged = outcome.model_dump(mode="json", exclude={"feedback"}) if outcome else None
    return canonical_json([record.fate.value, judged, _spent(record)])


def where_they_part(one: Played, other: Played, *, has_calls: bool = True) -> Where | None:
    """Returns in what two episodes differ first, or None where they are the same.

    Args:
        one: An episode.
        other: Another.
        has_calls: Whether calls can be compared; not where they differ in every repetition.
    """
    if one.artefact != other.artefact:
        return "preparation"
    if has_calls and one.calls != other.calls:
        return "calls"
    return "result" if one.result != other.result else None


def _spent(record: TrialRecord) -> dict[str, JsonValue]:
    spent: dict[str, JsonValue] = record.usage.model_dump(mode="json", exclude=_TIMES)
    return spent


def _calls(trace: Sequence[TraceFrame]) -> list[Call]:
    """Pairs each call with what follows it, its answer; the last may have none."""
    frames: list[Mapping[str, JsonValue]] = [sent.frame for sent in trace]
    found = []
    for frame, following in zip(frames, [*frames[1:], {}], strict=False):
        if "call" in frame:
            arguments = frame.get("args")
            given = arguments if isinstance(arguments, dict) else {}
            found.append(Call(str(frame.get("tool")), given, _answer(following)))
    return found


def _answer(frame: Mapping[str, JsonValue]) -> JsonValue:
    if "error" in frame:
        return [frame.get("kind"), frame.get("message")]
    return frame.get("value")
