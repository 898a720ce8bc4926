"""What a run could have shown, told from its decisions."""

from __future__ import annotations

from agentlab.core.decision import Decision, Sample, Stage, Verdict
from agentlab.core.objective import Objective, PairedRule
from agentlab.core.result import Detectable
from agentlab.measure.outlook import outlook

OBJECTIVE = Objective(rule=PairedRule(max_blocks=12, worthwhile=0.02))


def sample(mean: float, spread: float = 0.4, *, margin: float = 0.0, blocks: int = 12) -> Sample:
    return Sample(
        metric="success",
        margin=margin,
        mean=mean,
        spread=spread,
        clusters=20 * blocks,
        blocks=blocks,
        is_binary=True,
    )


def decision(
    number: int,
    verdict: Verdict,
    *tested: Sample,
    stage: Stage = "gate",
    e_value: float | None = 5.0,
) -> Decision:
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent="c0",
        source="ideas",
        label=f"idea {number}",
        verdict=verdict,
        stage=stage,
        reason="",
        e_value=e_value,
        tested=tested,
    )


def told(*decisions: Decision, fresh: bool = True) -> Detectable | None:
    return outlook(decisions, OBJECTIVE, tasks=20, has_fresh_seeds=fresh, trials_per_s=10.0)


def test_a_run_that_compared_nothing_says_nothing() -> None:
    assert told() is None
    assert told(decision(1, Verdict.INVALID, stage="smoke")) is None


def test_the_smallest_improvement_comes_from_the_noise_at_the_gate() -> None:
    noisy = decision(1, Verdict.DISCARDED, sample(0.0, 0.6))
    calm = decision(2, Verdict.DISCARDED, sample(0.0, 0.3))
    loud = decision(3, Verdict.DISCARDED, sample(0.0, 0.9, blocks=1), stage="halving")
    first, both = told(noisy), told(noisy, calm, loud)
    assert first is not None
    assert both is not None
    assert first.improvement is not None
    assert both.improvement is not None
    assert 0 < both.improvement < first.improvement
    assert first.pairs == 240


def test_without_a_gate_the_train_tasks_tell_of_the_noise() -> None:
    found = told(decision(1, Verdict.DISCARDED, sample(0.0, blocks=1), stage="halving"))
    assert found is not None
    assert found.pairs == 240
    assert found.nearest is None


def test_the_nearest_is_the_undecided_one_that_needs_least() -> None:
    found = told(
        decision(1, Verdict.UNDECIDED, sample(0.05), e_value=4.0),
        decision(2, Verdict.UNDECIDED, sample(0.08), e_value=30.0),
        decision(3, Verdict.DISCARDED, sample(0.2), e_value=50.0),
        decision(4, Verdict.UNDECIDED, stage="halving", e_value=None),
    )
    assert found is not None
    assert found.nearest is not None
    nearest = found.nearest
    assert (nearest.number, nearest.label, nearest.gain) == (2, "idea 2", 0.08)
    assert nearest.blocks_needed > 12
    assert nearest.pairs_needed == 20 * nearest.blocks_needed
    assert nearest.trials_needed == 2 * nearest.pairs_needed
    assert nearest.needed_s == nearest.trials_needed / 10


def test_an_estimate_of_nothing_is_no_near_miss() -> None:
    found = told(decision(1, Verdict.UNDECIDED, sample(0.0), e_value=1.0))
    assert found is not None
    assert found.nearest is None


def test_where_only_a_guard_is_open_the_guard_says_what_it_takes() -> None:
    guard = sample(-0.01, 0.4, margin=0.05)
    found = told(decision(1, Verdict.UNDECIDED, sample(0.3), guard, e_value=1e6))
    assert found is not None
    assert found.nearest is not None
    assert found.nearest.blocks_needed > 12


def test_a_fixed_data_set_has_one_look_and_no_more_to_give() -> None:
    found = told(decision(1, Verdict.UNDECIDED, sample(0.2, blocks=1), e_value=9.0), fresh=False)
    assert found is not None
    assert found.pairs == 20
    assert found.nearest is None
