"""The numbers that are known before the first proposal."""

from __future__ import annotations

import pytest

from agentlab.core.environment import Metric
from agentlab.core.objective import Guard, Objective, PairedRule
from agentlab.core.readiness import Readiness
from agentlab.measure.detectable import Design, detectable_improvement
from agentlab.measure.readiness import readiness_of
from agentlab.measure.rehearsal import Planned, Rehearsal
from tests.measure.test_noise import trials
from tests.measure.test_obstacles import GOOD, SUCCESS, TRAITS
from tests.measure.test_rehearsal import PLANNED

NOISY = TRAITS.model_copy(update={"is_deterministic": False})


def ready(
    rehearsal: Rehearsal = GOOD,
    *,
    objective: Objective = SUCCESS,
    planned: Planned = PLANNED,
    noisy: bool = False,
) -> Readiness:
    return readiness_of(
        rehearsal, objective=objective, traits=NOISY if noisy else TRAITS, planned=planned
    )


def test_the_smallest_effect_is_the_rules_own_with_the_noise_of_edits() -> None:
    found = ready()
    noise = found.noise[0]
    assert noise.edited is not None
    design = Design(clusters_per_block=10, blocks=48, alpha=0.01, worthwhile=0.01)
    assert found.detectable == detectable_improvement(design, spread=noise.edited, is_binary=True)
    assert found.pairs == 480
    assert not found.is_relative


def test_without_an_edit_that_changed_something_other_seeds_stand_for_them() -> None:
    same = ready(GOOD._replace(edits=(trials([1, 0] * 6),)))
    assert same.edits == 0
    assert same.noise[0].edited is None
    assert same.noise[0].pairing is None, "a deterministic world pairs with itself for nothing"
    assert same.detectable is not None
    assert ready().detectable is not None
    assert same.detectable > ready().detectable  # type: ignore[operator]


def test_in_a_deterministic_world_the_floor_is_between_seeds() -> None:
    noise = ready().noise[0]
    assert noise.repeated == 0
    assert noise.reseeded == pytest.approx(0.717, abs=0.01)
    assert noise.floor == pytest.approx(1.96 * 0.717 / 480**0.5, abs=0.003)


def test_elsewhere_the_floor_is_what_repetition_shows() -> None:
    flipped = [1 - r.success if n < 3 else r.success for n, r in enumerate(GOOD.target[:12])]
    found = ready(GOOD._replace(again=trials(flipped, repetition=1)), noisy=True)
    assert found.differing_pairs == 3
    assert found.noise[0].repeated == pytest.approx(0.5)
    assert found.noise[0].floor == pytest.approx(1.96 * 0.5 / 480**0.5, abs=0.003)


def test_common_seeds_buy_what_the_edits_say() -> None:
    noise = ready().noise[0]
    assert noise.edited is not None
    assert noise.reseeded is not None
    assert noise.pairing == pytest.approx(1 - (noise.edited / noise.reseeded) ** 2)


def test_the_plan_says_seeds_trials_time() -> None:
    plan = ready(objective=Objective(rule=PairedRule(worthwhile=0.1))).plan
    assert plan.improvement == 0.1
    assert plan.tasks == 10
    assert plan.seeds is not None
    assert plan.trials == 2 * 10 * plan.seeds
    assert plan.needed_s == plan.trials / 10
    assert plan.cost_usd is None


def test_the_plan_has_a_price_where_the_world_has_a_cost() -> None:
    paid = [
        r.model_copy(update={"usage": r.usage.model_copy(update={"cost_usd": 0.01})})
        for r in GOOD.target
    ]
    traits = TRAITS.model_copy(update={"cost_kind": "simulated"})
    objective = Objective(rule=PairedRule(worthwhile=0.1))
    plan = readiness_of(
        GOOD._replace(target=paid), objective=objective, traits=traits, planned=PLANNED
    ).plan
    assert plan.trials is not None
    assert plan.cost_usd == pytest.approx(0.01 * plan.trials)


def test_what_is_far_away_has_no_number() -> None:
    one_look = Objective(rule=PairedRule(worthwhile=0.001, max_blocks=1))
    found = ready(objective=one_look, planned=PLANNED._replace(tasks=1))
    assert found.detectable is None
    plan = found.plan
    assert (plan.seeds, plan.trials, plan.needed_s) == (None, None, None)


def test_problems_are_accepted_only_where_that_was_asked() -> None:
    mean = GOOD._replace(oracle=trials([0] * 12))
    accepting = PLANNED._replace(accepts_noise=True)
    assert not ready(mean).is_accepted
    assert ready(mean, planned=accepting).is_accepted
    assert not ready(planned=accepting).is_accepted, "nothing was there to be accepted"


@pytest.mark.parametrize("line", ["success >= 0.9", "p95(success) >= 0.5"])
def test_guards_that_the_target_itself_is_beyond_are_known(line: str) -> None:
    found = ready(objective=Objective.model_validate({"guards": [line, "success >= 0.1"]}))
    assert found.beyond == (line,)
    assert found.problems == (), "a leap may hold it"


def test_guards_have_their_noise_and_the_yardsticks_their_success() -> None:
    found = ready(objective=Objective(guards=(Guard(metric="context_tokens", margin=0.2),)))
    assert [noise.metric for noise in found.noise] == ["success", "context_tokens"]
    assert (found.null, found.oracle) == (0.0, 1.0)
    assert found.trials == len({record.key for record in GOOD.records})


def test_what_is_reported_and_not_declared_is_named() -> None:
    assert ready().undeclared == ("far",)
    traits = TRAITS.model_copy(update={"metrics": (Metric(name="far", direction="lower"),)})
    declared = readiness_of(GOOD, objective=SUCCESS, traits=traits, planned=PLANNED)
    assert declared.undeclared == ()
