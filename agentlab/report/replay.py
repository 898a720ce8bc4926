"""What a run came to when it was decided once more, in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from agentlab.core.counting import counted
from agentlab.core.decision import Decision, Verdict
from agentlab.core.replay import Replay, ReplayedDecision
from agentlab.report.escape import one_line

__all__ = ["print_replay", "replay_lines"]


def replay_lines(replay: Replay) -> tuple[str, ...]:
    """Returns what a replay showed, the answer first."""
    return (*(_kept(replay) if replay.is_other_rule else _agreed(replay)), _trials(replay))


def print_replay(replay: Replay, console: Console) -> None:
    """Prints the answer, and a line for each proposal that was decided otherwise."""
    first, *others = replay_lines(replay)
    console.print(first, style="bold", soft_wrap=True)
    for line in others:
        console.print(line, soft_wrap=True)
    if not replay.differing:
        return
    table = Table(box=None, pad_edge=False)
    for title in ("", "proposal", "in the run", f"by {replay.rule}", "why"):
        table.add_column(title, justify="left" if title else "right")
    for one in replay.differing:
        table.add_row(*_row(one))
    console.print()
    console.print(table)


def _row(one: ReplayedDecision) -> tuple[str, ...]:
    after = one.after
    return (
        str(one.number),
        f"{one_line(one.before.source)}: {one_line(one.before.label)}",
        f"{one.before.verdict.value} ({one.before.stage})",
        "not reached" if after is None else f"{after.verdict.value} ({after.stage})",
        "" if after is None else one_line(after.reason, limit=200),
    )


def _agreed(replay: Replay) -> tuple[str, ...]:
    total, differing = len(replay.decisions), len(replay.differing)
    if differing:
        return (f"{differing} of {counted(total, 'decision')} differ from the run's",)
    exact = sum(one.is_exact for one in replay.decisions)
    digits = "to the last digit" if exact == total else f"{exact} of them to the last digit"
    return (f"the same {counted(total, 'decision')} as in the run, {digits}",)


def _kept(replay: Replay) -> tuple[str, ...]:
    before = _numbers([(one.number, one.before) for one in replay.decisions])
    after = _numbers([(one.number, one.after) for one in replay.decisions if one.after])
    return (
        f"{replay.rule} would have kept {after}; the run kept {before}",
        "each proposal was brought onto what that rule had kept before it; what would have been "
        "proposed to that, nobody knows",
    )


def _numbers(decisions: Sequence[tuple[int, Decision]]) -> str:
    kept = [f"#{number}" for number, one in decisions if one.verdict is Verdict.KEPT]
    return f"{len(kept)} ({', '.join(kept)})" if kept else "none"


def _trials(replay: Replay) -> str:
    measured = counted(replay.trials_measured, "trial")
    return f"{counted(replay.trials_reused, 'trial')} from the store, {measured} measured now"
