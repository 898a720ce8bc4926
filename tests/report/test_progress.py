from __future__ import annotations

import io

from agentlab.core.decision import Decision, Estimate, Verdict
from agentlab.core.progress import Progress
from agentlab.report.progress import LiveProgress, PlainProgress, describe, open_screen

KEPT = Decision(
    number=4,
    candidate="a",
    incumbent="b",
    source="ideas",
    label="close \x1b[2Jdialogs",
    verdict=Verdict.KEPT,
    stage="gate",
    reason="better",
)
SEARCHING = Progress(
    phase="search",
    proposal=4,
    proposals_planned=40,
    stage="gate",
    label="close \x1b[2Jdialogs",
    trials=1234,
    trials_per_s=6.25,
    best=Estimate(estimate=0.61, low=0.55, high=0.67),
    best_metric="success",
    kept=1,
    left_s=75,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_snapshot_is_one_line_with_all_that_is_known() -> None:
    assert describe(SEARCHING) == (
        r"searching · proposal 4/40 gate: close \x1b[2Jdialogs · 1,234 trials, 6.2/s · "
        "best success 0.61 [0.55, 0.67] on train · 1 kept · 1 min 15 s left"
    )
    assert describe(Progress(phase="start")) == "starting"


def test_a_log_gets_a_line_every_few_seconds_and_at_each_phase() -> None:
    stream, clock = io.StringIO(), Clock()
    with PlainProgress(stream, clock=clock) as screen:
        for tick in range(100):
            clock.now = tick / 10
            screen.progress(SEARCHING)
        screen.progress(Progress(phase="validation"))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert lines[-1] == "measuring"


def test_a_log_tells_keeps_and_notes_at_once_and_harmless() -> None:
    stream = io.StringIO()
    with PlainProgress(stream, clock=Clock()) as screen:
        screen.decided(KEPT)
        screen.decided(KEPT.model_copy(update={"verdict": Verdict.DISCARDED}))
        screen.note("a worker\x1b[2J was lost")
    kept, note = stream.getvalue().splitlines()
    assert kept == r"kept #4 ideas: close \x1b[2Jdialogs (better)"
    assert note == r"a worker\x1b[2J was lost"


def test_a_terminal_gets_a_live_line_and_is_given_back() -> None:
    stream = Terminal()
    with open_screen(stream) as screen:
        assert isinstance(screen, LiveProgress)
        screen.progress(SEARCHING)
        screen.decided(KEPT)
        screen.note("note")
    shown = stream.getvalue()
    assert "kept #4" in shown
    assert "\x1b[2J" not in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")


def test_a_file_gets_plain_lines() -> None:
    assert isinstance(open_screen(io.StringIO()), PlainProgress)


def test_a_note_on_a_terminal_is_not_broken_into_lines() -> None:
    stream = Terminal()
    command = "--set " + "x" * 200
    with LiveProgress(stream) as live:
        live.note(f"begin all the same with: {command} --set accept=[cache]")
    assert f"begin all the same with: {command} --set accept=[cache]" in stream.getvalue()
