"""Where the same seed may give another episode: groups of episodes in place of single ones."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.value import JsonValue, canonical_json
from agentlab.measure.permutation import separation_p
from agentlab.search.caches.findings import Finding
from agentlab.search.caches.played import Played

__all__ = ["ROUNDS", "distances", "judge_by_repetition"]

ROUNDS = 5
"""Repetitions of each kind; groups of 5 that lie wholly apart have a chance of 1 in 126."""

_ALPHA = 0.02
_CALLS = 5
"""Answers that are compared one by one; those after them by their number alone."""


def judge_by_repetition(
    file: str,
    label: str,
    *,
    incumbent: Sequence[Played],
    cold: Sequence[Played],
    warm: Sequence[Played],
) -> Finding:
    """Returns what repetitions say of an edit, with the chance that they mislead.

    Args:
        file: Which file was edited.
        label: Which edit it is.
        incumbent: The incumbent's episodes, each in a new process.
        cold: The edited candidate's, each in a new process.
        warm: The edited candidate's, each after the incumbent's.
    """
    moves = _separation(cold, incumbent)
    if moves > _ALPHA:
        return Finding(
            file,
            "unknown",
            f"cannot be told: this world varies for the same seed, and in {len(cold)} repetitions "
            f"edit '{label}' does not stand out from the incumbent (p = {moves:.2f})",
        )
    kept, seen = _separation(warm, cold), _separation(warm, incumbent)
    if kept <= _ALPHA:
        return Finding(
            file,
            "fault",
            f"edit '{label}' is measured as one thing in new processes and as another after the "
            f"incumbent ({len(cold)} repetitions, p = {kept:.3f}): something keeps the incumbent's "
            "answers",
        )
    if seen <= _ALPHA:
        return Finding(
            file,
            "sound",
            f"edit '{label}' stands out from the incumbent in new processes (p = {moves:.3f}) and "
            f"after it (p = {seen:.3f})",
        )
    return Finding(
        file,
        "unknown",
        f"cannot be told: after the incumbent edit '{label}' stands out neither from it "
        f"(p = {seen:.2f}) nor from itself in new processes (p = {kept:.2f})",
    )


def distances(members: Sequence[Played]) -> list[list[float]]:
    """Returns how far episodes lie apart, from 0 to 1: the mean over all that can be compared.

    Numbers by their difference, as a share of the largest among the members; words by whether they
    are the same.
    """
    names = sorted({name for member in members for name in member.numbers})
    scale = {name: _range([_number(member, name) for member in members]) for name in names}
    moving = [name for name in names if scale[name] > 0]
    words = [_words(member) for member in members]

    def apart(one: int, other: int) -> float:
        parts = [
            abs(_number(members[one], name) - _number(members[other], name)) / scale[name]
            for name in moving
        ]
        parts += [float(a != b) for a, b in zip(words[one], words[other], strict=True)]
        return sum(parts) / len(parts)

    everybody = range(len(members))
    return [[apart(one, other) for other in everybody] for one in everybody]


def _separation(one: Sequence[Played], other: Sequence[Played]) -> float:
    return separation_p(distances([*one, *other]), len(one))


def _words(member: Played) -> list[str]:
    answers: list[JsonValue] = [*member.answers[:_CALLS], *[None] * _CALLS]
    return [
        member.fate.value,
        member.artefact,
        *(canonical_json(answer) for answer in answers[:_CALLS]),
    ]


def _number(member: Played, name: str) -> float:
    return member.numbers.get(name, 0.0)


def _range(values: Sequence[float]) -> float:
    return max(values) - min(values)
