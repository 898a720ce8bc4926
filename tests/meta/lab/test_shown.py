"""Episodes, comparisons and decisions in words."""

from __future__ import annotations

from pydantic import JsonValue

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Estimate, Verdict
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate
from agentlab.core.trial import TraceFrame
from agentlab.meta.lab.shown import compared, decision_lines, record_line, steps_of, trace_lines
from tests.meta.lab.workshop import frames_of, record

ONE, OTHER = Candidate(files={"agent.py": b"1"}), Candidate(files={"agent.py": b"2"})


def test_a_call_stands_with_its_answer_and_no_time_is_told() -> None:
    assert steps_of(frames_of(("look", "left"), ("go", "wall"))) == [
        "look() -> left",
        "go() -> wall",
    ]


def test_an_error_an_answer_and_a_crash_are_steps() -> None:
    call = TraceFrame(at_s=0, sender="candidate", frame={"call": 1, "tool": "go", "args": {"x": 1}})
    error: dict[str, JsonValue] = {"error": 1, "kind": "not_found", "message": "no x"}
    failed = TraceFrame(at_s=0, sender="environment", frame=error)
    answered = TraceFrame(at_s=0, sender="candidate", frame={"answer": [1, 2]})
    crashed = TraceFrame(at_s=0, sender="candidate", frame={"crash": {"type": "KeyError"}})

    assert steps_of([call, failed, answered, crashed]) == [
        "go(x=1) -> error not_found: no x",
        "answer [1, 2]",
        'crash {"type": "KeyError"}',
    ]


def test_the_middle_of_a_long_episode_is_left_out() -> None:
    shown = trace_lines(frames_of(*[("look", str(n)) for n in range(100)]))

    assert "[40 steps left out]" in shown
    assert shown.startswith("1. look() -> 0")
    assert shown.endswith("100. look() -> 99")


def test_an_episode_without_frames_says_so() -> None:
    assert trace_lines([]) == "no frames of this episode were kept"


def test_a_comparison_tells_noise_from_more_than_noise() -> None:
    better = compared(
        [record(ONE, "a", 1.0, seed=n) for n in range(4)],
        [record(OTHER, "a", 0.0, seed=n) for n in range(4)],
        Objective(),
    )
    mixed = compared(
        [record(ONE, "a", 1.0), record(ONE, "b", 0.0)],
        [record(OTHER, "a", 0.0), record(OTHER, "b", 1.0)],
        Objective(),
    )

    assert "better is positive: +1.000 +- 0.000 over 4 pairs" in better
    assert "more than noise" in better
    assert "undecided" in mixed


def test_what_our_side_lost_is_compared_with_nothing() -> None:
    lost = record(ONE, "a", 0.0, fate=Fate.INFRA)

    assert "nothing could be compared" in compared([lost], [record(OTHER, "a", 0.0)], Objective())


def test_lower_is_better_where_the_objective_says_so() -> None:
    shown = compared(
        [record(ONE, "a", 1.0)], [record(OTHER, "a", 0.0)], Objective(minimise="success")
    )

    assert "better is positive: -1.000" in shown


def test_a_record_tells_fate_and_success() -> None:
    assert record_line(record(ONE, "a", 0.5)) == "a seed 1: failed, success 0.5"


def test_a_decision_tells_what_our_side_lost_apart() -> None:
    decision = Decision(
        number=3,
        candidate="c",
        incumbent="i",
        source="coding",
        label="try\nagain",
        verdict=Verdict.UNDECIDED,
        stage="smoke",
        reason="node lost",
        cause="our side",
        differences={"success": Estimate(estimate=0.1, low=-0.1, high=0.3)},
    )

    assert decision_lines(decision) == [
        "#3 try: not measured, our side failed at smoke: node lost",
        "  success +0.100 [-0.100, +0.300]",
    ]
