"""A replay in words."""

from __future__ import annotations

import io

from rich.console import Console

from agentlab.core.decision import Decision, Verdict
from agentlab.core.replay import Replay, ReplayedDecision
from agentlab.report.replay import print_replay, replay_lines


def decision(number: int, verdict: Verdict, *, e_value: float = 1.0) -> Decision:
    return Decision(
        number=number, candidate=f"{number}", incumbent="0", source="ideas", label="\x1b[2Jidea",
        verdict=verdict, stage="gate", reason="said", e_value=e_value,
    )  # fmt: skip


def replayed(
    number: int, before: Verdict, after: Verdict | None, *, e_value: float = 1.0
) -> ReplayedDecision:
    found = None if after is None else decision(number, after, e_value=e_value)
    return ReplayedDecision(number=number, before=decision(number, before), after=found)


def replay(*decisions: ReplayedDecision, other: bool = False) -> Replay:
    return Replay(
        run="r", rule="greedy", is_other_rule=other, is_fresh=False, decisions=decisions,
        trials_reused=1, trials_measured=20,
    )  # fmt: skip


SAME = replayed(1, Verdict.KEPT, Verdict.KEPT)
CLOSE = replayed(2, Verdict.KEPT, Verdict.KEPT, e_value=2.0)
OTHER = replayed(3, Verdict.DISCARDED, Verdict.KEPT)
MISSED = replayed(4, Verdict.DISCARDED, None)


def test_agreement_is_told_with_how_far_it_goes() -> None:
    assert replay_lines(replay(SAME)) == (
        "the same 1 decision as in the run, to the last digit",
        "1 trial from the store, 20 trials measured now",
    )
    assert replay_lines(replay(SAME, CLOSE))[0].endswith("run, 1 of them to the last digit")


def test_what_differs_is_counted_also_where_the_replay_did_not_come_as_far() -> None:
    found = replay(SAME, OTHER, MISSED)
    assert replay_lines(found)[0] == "2 of 3 decisions differ from the run's"
    assert [one.number for one in found.differing] == [3, 4]


def test_another_rule_is_told_by_what_it_would_have_kept() -> None:
    first = replay_lines(replay(SAME, OTHER, other=True))[0]
    assert first == "greedy would have kept 2 (#1, #3); the run kept 1 (#1)"
    assert "kept none;" in replay_lines(replay(MISSED, other=True))[0]


def test_the_table_obeys_nobody() -> None:
    shown = io.StringIO()
    print_replay(replay(OTHER, MISSED, other=True), Console(file=shown, width=120))
    assert "\x1b" not in shown.getvalue()
    assert "discarded (gate)" in shown.getvalue()
    assert "not reached" in shown.getvalue()
