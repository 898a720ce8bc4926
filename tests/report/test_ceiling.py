from __future__ import annotations

import io
from pathlib import Path

import pytest

from agentlab.core.ceiling import (
    Bounds,
    Ceiling,
    Mechanism,
    NearMiss,
    Plateau,
    Step,
    Stretch,
    Unsolved,
)
from agentlab.report.ceiling import block_of, parts_of
from agentlab.report.console import open_console
from agentlab.report.markdown import to_markdown
from agentlab.report.record import RunRecord
from agentlab.report.terminal import print_record
from tests.report.conftest import HOSTILE, estimate

FEW = Stretch(proposals=4, chance=0.6, is_flat=False)


@pytest.fixture
def ceiling() -> Ceiling:
    """Returns a report in which whatever others wrote would like to be shown unescaped."""
    return Ceiling(
        verdict="keep going",
        rule="not flat",
        reasons=("no plateau: 4 edits", "a true improvement below +0.05 may have been missed"),
        bounds=Bounds(
            null=0.02,
            baseline=estimate(0.6, 0.06),
            winner=estimate(0.77, 0.05),
            tasks=24,
            unsolved=(
                Unsolved(task=HOSTILE, split="train", trials=12, seeds=3, is_never=False),
                Unsolved(task="hard", split="validation", trials=90, seeds=9, is_never=True),
            ),
            best_per_task=estimate(0.8, 0.1),
            best_per_task_lead=estimate(0.05, 0.1),
            best_per_task_highest=0.97,
            noise_floor=0.04,
        ),
        plateau=Plateau(
            kept=1,
            all=FEW,
            numbers=FEW,
            structure=FEW,
            at_gate=2,
            open_at_gate=1,
            missed=0.05,
            is_relative=False,
        ),
        mechanisms=(
            Mechanism(source="mutation", proposals=7, kept=1, numbers=3, causes={"no better": 6}),
            Mechanism(source=HOSTILE, proposals=2, kept=0, numbers=0, causes={"broke": 2}),
        ),
        misses=(
            NearMiss(
                number=7,
                source="ideas",
                label=HOSTILE,
                change=estimate(0.04, 0.05),
                pairs=240,
                cause="noise",
            ),
        ),
        steps=(
            Step(said=f"see {HOSTILE}", command="agentlab show RUN 7"),
            Step(
                said="again",
                command="agentlab run RUN/experiment.yaml --set target.path=RUN/repository "
                """--set 'target.editable=["RUN/a"]'""",
            ),
        ),
    )


def with_ceiling(record: RunRecord, ceiling: Ceiling) -> RunRecord:
    result = record.result.model_copy(update={"ceiling": ceiling})
    return record._replace(result=result)


def screen_of(record: RunRecord, width: int, *, whole: bool = False) -> str:
    stream = io.StringIO()
    console = open_console(stream)
    console.width = width
    print_record(record, console, whole=whole)
    return stream.getvalue()


def test_the_block_says_verdict_reason_bounds_causes_and_the_next_step(ceiling: Ceiling) -> None:
    title, lines = block_of(ceiling, "runs/x")
    assert title == "Ceiling: keep going"
    assert [line.text for line in lines[:3]] == [
        "no plateau: 4 edits",
        "success: doing nothing 0.02, baseline 0.60, winner 0.77 [0.72, 0.82], "
        "1 of 24 tasks never solved",
        "not kept: 6 no better, 2 broke at once",
    ]
    assert lines[3].text.startswith("next: see ")
    assert lines[4] == ("agentlab show runs/x 7", True)
    assert len(lines) == 5


def test_the_whole_says_what_the_verdict_rests_on(ceiling: Ceiling) -> None:
    parts = {part.title: [line.text for line in part.lines] for part in parts_of(ceiling, "r")}
    bounds = "\n".join(parts["What bounds it"])
    assert "no oracle was measured" in bounds
    assert "unsolved: hard (validation, 90 trials on 9 seeds), " in bounds
    best = (
        "the best candidate for each task 0.80 [0.70, 0.90], over the winner on the same seeds "
        "+0.05 [-0.05, +0.15]; with luck in choosing 0.97"
    )
    assert best in bounds
    assert "noise floor 0.04: " in bounds
    assert parts["Whether it is flat"][0] == (
        "proposals of any kind: 4 tried since the last keep, at most 60 % of further ones would be "
        "kept: not flat"
    )
    failures = parts["What did not work, and why"]
    assert failures[0] == ("mutation: 7 proposals, 3 of them numbers only, 1 kept; 6 no better")
    assert failures[2].endswith("+0.04 [-0.01, +0.09] on 240 pairs, undecided for noise")


def test_the_runs_folder_stands_in_commands_and_nowhere_else(ceiling: Ceiling) -> None:
    *_, last = parts_of(ceiling, "runs/x")
    assert last.lines[-1].text == (
        "agentlab run runs/x/experiment.yaml --set target.path=runs/x/repository "
        """--set 'target.editable=["RUN/a"]'"""
    )


def test_a_folder_with_a_space_is_quoted_in_commands(ceiling: Ceiling) -> None:
    commands = [line.text for line in parts_of(ceiling, "my runs/a")[-1].lines if line.is_command]
    assert commands[0] == "agentlab show 'my runs/a' 7"


@pytest.mark.parametrize("width", [80, 120])
def test_the_block_is_short_and_ends_with_a_command(
    hostile_record: RunRecord, ceiling: Ceiling, width: int
) -> None:
    quiet = ceiling.model_copy(update={"steps": ceiling.steps[1:]})
    screen = screen_of(with_ceiling(hostile_record, quiet), width)
    block = screen[screen.index("Ceiling: ") :].partition("\n\n")[0]
    tail = block.splitlines()
    assert len(tail) <= 8
    assert all(len(line) <= width for line in tail if "agentlab run" not in line)
    assert tail[-1].strip().startswith("agentlab run ")


@pytest.mark.parametrize("whole", [False, True])
def test_what_others_wrote_steers_no_terminal(
    hostile_record: RunRecord, ceiling: Ceiling, whole: bool
) -> None:
    screen = screen_of(with_ceiling(hostile_record, ceiling), 100, whole=whole)
    assert not set(screen) & set("\x1b\x07\r\u202e")


def test_markdown_has_the_whole_and_no_markup_of_others(
    hostile_record: RunRecord, ceiling: Ceiling, tmp_path: Path
) -> None:
    report = to_markdown(with_ceiling(hostile_record, ceiling))
    assert "## Ceiling: keep going" in report
    assert "### What to do next" in report
    assert "<img" not in report.replace(r"\<img", "")
    assert "[a](http://b)" not in report
    assert "Ceiling" not in to_markdown(hostile_record)
