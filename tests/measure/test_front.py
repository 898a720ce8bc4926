"""The front of success, context and cost, as decisions tell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.decision import Decision, Estimate, Sample, Stage, Verdict
from agentlab.core.environment import Traits
from agentlab.measure.front import SLACK, front_of_run

TRAITS = Traits(context_meter="read_tokens")
BASE = "b"


def decision(
    number: int,
    success: float,
    saved: float,
    *,
    verdict: Verdict = Verdict.KEPT,
    incumbent: str = BASE,
    stage: Stage = "gate",
    guard: float | None = None,
) -> Decision:
    samples = [0.0] if guard is None else [0.0, guard]
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent=incumbent,
        source="s",
        label="l",
        verdict=verdict,
        stage=stage,
        reason="",
        differences={"success": Estimate(estimate=success, low=success, high=success)},
        saved={"context_tokens": saved},
        pairs=12,
        tested=tuple(
            Sample(
                metric="m",
                margin=0.05,
                mean=mean,
                spread=0,
                clusters=12,
                blocks=1,
                is_binary=False,
            )
            for mean in samples
        ),
    )


def test_the_baseline_alone_spans_what_the_reference_is_worse_by() -> None:
    front = front_of_run([], baseline=BASE, traits=TRAITS)
    assert front.axes == ("success", "context_tokens")
    assert front.points == ()
    assert front.hypervolume == pytest.approx(SLACK**2)
    assert [step.number for step in front.growth] == [0]


def test_it_grows_with_what_is_better_in_one_and_no_worse_in_the_other() -> None:
    decisions = [
        decision(1, 0.45, 0.0),
        decision(2, 0.0, 0.5, incumbent="c1"),
        decision(3, -0.45, 0.5, incumbent="c2", verdict=Verdict.UNDECIDED),
    ]
    front = front_of_run(decisions, baseline=BASE, traits=TRAITS)
    assert [(point.number, point.is_kept) for point in front.points] == [(2, True), (3, False)]
    assert front.points[0].saved == {"context_tokens": 0.5}
    assert front.points[1].success == pytest.approx(0.0)
    assert front.points[1].saved["context_tokens"] == pytest.approx(0.75), "half of a half is left"
    volumes = [step.hypervolume for step in front.growth]
    assert volumes == pytest.approx([0.0025, 0.5 * 0.05, 0.5 * 0.55, 0.5 * 0.55 + 0.05 * 0.25])
    assert front.hypervolume == volumes[-1]


def test_guards_are_constraints() -> None:
    cheap = {"verdict": Verdict.DISCARDED}
    kept_to = decision(1, -0.02, 0.4, guard=-0.02, **cheap)  # type: ignore[arg-type]
    broken = decision(2, -0.3, 0.9, guard=-0.3, **cheap)  # type: ignore[arg-type]
    front = front_of_run([kept_to, broken], baseline=BASE, traits=TRAITS)
    assert [point.number for point in front.points] == [1]


def test_only_what_came_to_the_gate_is_on_it_and_what_cannot_be_placed_is_not() -> None:
    decisions = [
        decision(1, 0.9, 0.9, stage="halving", verdict=Verdict.DISCARDED),
        decision(2, 0.9, 0.9, incumbent="nobody"),
        decision(3, 0.1, 0.1).model_copy(update={"differences": {}}),
    ]
    assert front_of_run(decisions, baseline=BASE, traits=TRAITS).points == ()


def test_a_run_that_was_stored_without_savings_is_read_as_saving_nothing() -> None:
    old = decision(1, 0.2, 0.4).model_copy(update={"saved": {}})
    (point,) = front_of_run([old], baseline=BASE, traits=TRAITS).points
    assert (point.success, point.saved) == (0.2, {"context_tokens": 0.0})


def test_where_nothing_is_metered_it_is_about_success_alone() -> None:
    front = front_of_run([decision(1, 0.2, 0.4)], baseline=BASE, traits=Traits())
    assert front.axes == ("success",)
    assert front.hypervolume == pytest.approx(0.25)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 0.9), st.booleans()), max_size=8))
def test_it_never_shrinks_and_what_is_known_before_stays_as_it_was(
    given_decisions: list[tuple[float, float, bool]],
) -> None:
    decisions, incumbent = [], BASE
    for number, (success, saved, is_kept) in enumerate(given_decisions, start=1):
        verdict = Verdict.KEPT if is_kept else Verdict.UNDECIDED
        decisions.append(decision(number, success, saved, incumbent=incumbent, verdict=verdict))
        incumbent = f"c{number}" if is_kept else incumbent
    front = front_of_run(decisions, baseline=BASE, traits=TRAITS)
    volumes = [step.hypervolume for step in front.growth]
    assert volumes == sorted(volumes)
    earlier = front_of_run(decisions[:-1], baseline=BASE, traits=TRAITS)
    assert front.growth[: len(earlier.growth)] == earlier.growth
