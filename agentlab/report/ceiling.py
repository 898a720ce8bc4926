"""The ceiling report in plain lines: a block at the end of the screen, and the whole of it."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agentlab.core.ceiling import Bounds, Ceiling, Mechanism, NearMiss, Step, Unsolved
from agentlab.core.counting import counted
from agentlab.core.decision import Cause
from agentlab.report.escape import one_line
from agentlab.report.format import count, difference, figure, improvement, with_interval

__all__ = ["Line", "Part", "block_of", "parts_of"]

_LONGEST = 400
_LONGEST_COMMAND = 4000
_NAMED = 6
"""Tasks that are named."""

_WORDS: Mapping[Cause, str] = {
    "refused": "refused by the checks",
    "nothing new": "nothing new",
    "conflict": "in conflict with what was kept, so not tried",
    "broke": "broke at once",
    "our side": "lost to our side",
    "guard": "stopped by a guard",
    "no better": "no better",
    "noise": "undecided for noise",
    "sibling": "behind a sibling",
}
_RUN = re.compile(r"(?<=[ =])RUN(?=[/ ]|$)")


class Line(NamedTuple):
    """A line, harmless in a terminal."""

    text: str
    is_command: bool = False
    """Whether it is there to be copied, and so not to be broken."""


class Part(NamedTuple):
    """One question of the report and what is known of it."""

    title: str
    lines: tuple[Line, ...]


def block_of(ceiling: Ceiling, run: str) -> Part:
    """Returns the verdict and what matters most of its reasons, in a few lines.

    Args:
        ceiling: The report.
        run: The run's folder, as one would type it.
    """
    causes = _causes(ceiling.mechanisms)
    said = [ceiling.reasons[0], _bounds_line(ceiling.bounds), f"not kept: {causes}" * bool(causes)]
    steps = _steps(ceiling.steps[:1], run, begin="next: ")
    return Part(_title(ceiling), (*map(_line, filter(None, said)), *steps))


def parts_of(ceiling: Ceiling, run: str) -> tuple[Part, ...]:
    """Returns the whole report.

    Args:
        ceiling: The report.
        run: The run's folder, as one would type it.
    """
    said = (
        (_title(ceiling), ceiling.reasons),
        ("What bounds it", _bounds(ceiling)),
        ("Whether it is flat", _plateau(ceiling)),
        ("What did not work, and why", _failures(ceiling)),
    )
    parts = [Part(title, tuple(map(_line, lines))) for title, lines in said]
    parts.append(Part("What to do next", tuple(_steps(ceiling.steps, run))))
    return tuple(part for part in parts if part.lines)


def _title(ceiling: Ceiling) -> str:
    return f"Ceiling: {ceiling.verdict}"


def _line(text: str) -> Line:
    return Line(one_line(text, limit=_LONGEST))


def _bounds_line(bounds: Bounds) -> str:
    known = (
        ("doing nothing", figure(bounds.null) if bounds.null is not None else ""),
        ("baseline", figure(bounds.baseline.estimate) if bounds.baseline else ""),
        ("winner", with_interval(bounds.winner) if bounds.winner else ""),
        ("oracle", figure(bounds.oracle) if bounds.oracle is not None else ""),
    )
    told = [f"{who} {number}" for who, number in known if number]
    if bounds.tasks:
        told.append(_solved(bounds))
    return f"success: {', '.join(told)}" if told else ""


def _solved(bounds: Bounds) -> str:
    if never := sum(task.is_never for task in bounds.unsolved):
        return f"{count(never)} of {counted(bounds.tasks, 'task')} never solved"
    if bounds.unsolved:
        return (
            f"{count(len(bounds.unsolved))} of {counted(bounds.tasks, 'task')} unsolved on "
            "few seeds"
        )
    return "each task solved by some candidate"


def _bounds(ceiling: Ceiling) -> Iterator[str]:
    bounds = ceiling.bounds
    if line := _bounds_line(bounds):
        yield line
    if bounds.oracle is None:
        yield "no oracle was measured: how much can be had at all is not known"
    if bounds.unsolved:
        yield f"unsolved: {_tasks(sorted(bounds.unsolved, key=lambda task: not task.is_never))}"
    if (best := bounds.best_per_task) is not None and bounds.best_per_task_lead is not None:
        highest = bounds.best_per_task_highest
        luck = f"; with luck in choosing {figure(highest)}" if highest is not None else ""
        yield (
            f"the best candidate for each task {with_interval(best)}, over the winner on the same "
            f"seeds {difference(bounds.best_per_task_lead)}{luck}"
        )
    if bounds.noise_floor is not None:
        noise = improvement(bounds.noise_floor, is_relative=ceiling.plateau.is_relative)
        floor = noise.removeprefix("+")
        yield f"noise floor {floor}: by so much two measurements as long as the gate may differ"


def _plateau(ceiling: Ceiling) -> Iterator[str]:
    plateau = ceiling.plateau
    for name, stretch in (
        ("proposals of any kind", plateau.all),
        ("edits of numbers", plateau.numbers),
        ("other edits", plateau.structure),
    ):
        flat = "flat" if stretch.is_flat else "not flat"
        chance = f"{stretch.chance * 100:.2g} %" if stretch.chance < 1 else "all"
        yield (
            f"{name}: {stretch.proposals} tried since the last keep, at most {chance} of further "
            f"ones would be kept: {flat}"
        )
    if plateau.at_gate:
        yield (
            f"{plateau.at_gate} of them came to the gate, where {plateau.open_at_gate} ended "
            "undecided for noise"
        )


def _failures(ceiling: Ceiling) -> Iterator[str]:
    for mechanism in ceiling.mechanisms:
        numbers = f", {mechanism.numbers} of them numbers only" if mechanism.numbers else ""
        causes = _causes([mechanism])
        why = f"; {causes}" if causes else ""
        yield (
            f"{one_line(mechanism.source)}: {counted(mechanism.proposals, 'proposal')}{numbers}, "
            f"{mechanism.kept} kept{why}"
        )
    for miss in ceiling.misses:
        yield _miss(miss)


def _miss(miss: NearMiss) -> str:
    change = f"{difference(miss.change)} on {counted(miss.pairs, 'pair')}, " if miss.change else ""
    label = f"{one_line(miss.source)}: {one_line(miss.label, limit=60)}"
    return f"near miss #{miss.number} {label}, {change}{_WORDS[miss.cause]}"


def _causes(mechanisms: Sequence[Mechanism]) -> str:
    total = Counter[Cause]()
    for mechanism in mechanisms:
        total.update(mechanism.causes)
    return ", ".join(f"{number} {_WORDS[cause]}" for cause, number in total.most_common())


def _steps(steps: Sequence[Step], run: str, *, begin: str = "") -> Iterator[Line]:
    for step in steps:
        yield _line(begin + step.said)
        if step.command:
            command = _RUN.sub(lambda _: shlex.quote(run), step.command)
            yield Line(one_line(command, limit=_LONGEST_COMMAND), is_command=True)


def _tasks(unsolved: Sequence[Unsolved]) -> str:
    named = [
        f"{task.task} ({task.split}, {counted(task.trials, 'trial')} on "
        f"{counted(task.seeds, 'seed')})"
        for task in unsolved
    ]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
