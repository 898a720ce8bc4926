"""A map of a run: which stage sees which split, on which seeds."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.core.objective import PairedRule
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.trial import Pair
from agentlab.experiment.config import MeasureConfig
from agentlab.measure.rules.choice import rule_of
from agentlab.search.schedule import Schedule
from scripts.pictures.svg import Picture

__all__ = ["stages"]

_LEFT, _COLUMN, _GAP, _TOP, _ROW = 122, 142, 13, 92, 104
_FINAL_BLOCKS = MeasureConfig().final_blocks
_HOUSES = 12


class _Box(NamedTuple):
    stage: int
    split: SplitName
    lines: tuple[str, ...]
    pair: Pair
    """The first of those that are measured there."""


def stages() -> str:
    """Returns the picture."""
    rule = rule_of(PairedRule())
    schedule = _schedule()
    picture = Picture(
        "Where a number comes from: stages, splits, seeds",
        height=_TOP + 3 * _ROW + 64,
        told="The check and halving see train, the gate sees validation on fresh seeds, the final "
        "measurement sees fresh seeds of validation and, once, the sealed test.",
    )
    for stage, (name, told) in enumerate(
        (
            ("1 check", "before any proposal"),
            ("2 halving", f"{rule.siblings} siblings a batch"),
            ("3 gate", "the best sibling"),
            ("4 final", "the winner, once"),
        )
    ):
        x = _x(stage)
        picture.text(x, 62, name, kind="bold")
        picture.text(x, 80, told, kind="small", ink="faint")
    seen = {
        "train": "its traces are shown to the meta-agent",
        "validation": "it is told what was decided",
        "test": "nobody is told anything before the end",
    }
    for split in SPLITS:
        y = _y(split)
        picture.line([(20, y - 6), (680, y - 6)], "faint", width=0.4)
        picture.text(20, y + 20, split, kind="bold")
        for place, words in enumerate(_wrapped(seen[split], 14)):
            picture.text(20, y + 38 + 14 * place, words, kind="small", ink="faint")
    for box in _boxes(schedule, len(rule.looks)):
        _draw(picture, box)
    _arrows(picture)
    picture.text(
        20,
        _TOP + 3 * _ROW + 22,
        "Kept: the candidate is the next incumbent, halving and gate go on with seeds of its own.",
        kind="small",
    )
    picture.text(
        20,
        _TOP + 3 * _ROW + 42,
        f"Seeds of the first of {_HOUSES} houses, in a run with seed 1. Check and first batch "
        "share seeds and trials.",
        kind="small",
        ink="faint",
    )
    return picture.render()


def _schedule() -> Schedule:
    tasks = {
        split: [
            Task(id=f"house-{number + _HOUSES * (split == 'test')}") for number in range(_HOUSES)
        ]
        for split in SPLITS
    }
    return Schedule(tasks, seed=1, is_seeded=True)


def _boxes(schedule: Schedule, looks: int) -> list[_Box]:
    final = f"{_FINAL_BLOCKS} seeds a house"
    return [
        _Box(
            0,
            "train",
            ("target twice, edits,", "null agent, oracle"),
            schedule.block("train", "halving0", 0)[0],
        ),
        _Box(
            1,
            "train",
            ("1 block, then 3;", "weaker half goes"),
            schedule.block("train", "halving0", 0)[0],
        ),
        _Box(
            2,
            "validation",
            (f"1 to {looks} blocks,", "a look after each"),
            schedule.block("validation", "gate0", 0)[0],
        ),
        _Box(3, "validation", (final, "next to baseline"), _first(schedule, "validation")),
        _Box(3, "test", (final, "look is recorded"), _first(schedule, "test")),
    ]


def _first(schedule: Schedule, split: SplitName) -> Pair:
    return schedule.series(split, "final", _FINAL_BLOCKS)[0]


def _draw(picture: Picture, box: _Box) -> None:
    x, y = _x(box.stage), _y(box.split)
    picture.box(x, y + 4, _COLUMN - _GAP, _ROW - 20)
    for place, words in enumerate(box.lines):
        picture.text(x + 9, y + 24 + 17 * place, words, kind="small")
    seed = f"seed {box.pair.seed}"
    picture.text(x + 9, y + 68, seed, kind="small", ink="first")


def _arrows(picture: Picture) -> None:
    """Draws the way of a candidate from box to box."""
    middle = _y("train") + 44
    gate = _x(2) + (_COLUMN - _GAP) / 2
    ways = [
        [(_x(0) + _COLUMN - _GAP, middle), (_x(1), middle)],
        [(_x(1) + _COLUMN - _GAP, middle), (gate, middle), (gate, _y("validation") + 4)],
        [(_x(2) + _COLUMN - _GAP, middle + _ROW), (_x(3), middle + _ROW)],
        [(_x(3) + 60, _y("validation") + _ROW - 16), (_x(3) + 60, _y("test") + 4)],
    ]
    for way in ways:
        picture.line(way, "second", width=1.8)
        (x, y), (before_x, _) = way[-1], way[-2]
        head = [(-6, -4), (0, 0), (-6, 4)] if before_x < x else [(-4, -6), (0, 0), (4, -6)]
        picture.line([(x + dx, y + dy) for dx, dy in head], "second", width=1.8)


def _wrapped(words: str, most: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _x(stage: int) -> float:
    return _LEFT + _COLUMN * stage


def _y(split: SplitName) -> float:
    return _TOP + 8 + _ROW * SPLITS.index(split)
