"""What speaks against a run, each alone on an otherwise good one."""

from __future__ import annotations

from typing import Any

import pytest

from agentlab.core.bound import parse_bound
from agentlab.core.environment import Metric, Traits
from agentlab.core.objective import Guard, Objective, PairedRule
from agentlab.core.readiness import Problem
from agentlab.measure.evidence import Evidence
from agentlab.measure.readiness import readiness_of
from agentlab.measure.rehearsal import Planned, Rehearsal
from tests.measure.test_noise import trial, trials
from tests.measure.test_rehearsal import PLANNED

SUCCESS = Objective()
TRAITS = Traits(is_deterministic=True, context_meter="read_tokens")
GOOD = Rehearsal(
    target=trials([1, 0] * 18),
    again=trials([1, 0] * 6, repetition=1),
    edits=(trials([1, 0, 0, 0] * 3),),
    null=trials([0] * 12),
    oracle=trials([1] * 12),
)


def problems(
    rehearsal: Rehearsal = GOOD,
    *,
    objective: Objective = SUCCESS,
    traits: Traits = TRAITS,
    planned: Planned = PLANNED,
) -> tuple[Problem, ...]:
    return readiness_of(rehearsal, objective=objective, traits=traits, planned=planned).problems


def only(found: tuple[Problem, ...]) -> Problem:
    (problem,) = found
    return problem


def test_nothing_speaks_against_a_good_run() -> None:
    assert problems() == ()


def test_a_world_that_does_not_repeat_itself_though_it_says_so_is_named() -> None:
    again = [*GOOD.again[:-1], trial("t", 11, 1.0, repetition=1)]
    problem = only(problems(GOOD._replace(again=again)))
    assert problem.about == "repetition"
    assert "task 't', seed 11, had success 0, then 1 (1 of 12 repetitions differ)" in problem.said
    honest = TRAITS.model_copy(update={"is_deterministic": False})
    assert problems(GOOD._replace(again=again), traits=honest) == ()


def test_the_worlds_own_metrics_must_repeat_as_well() -> None:
    traits = TRAITS.model_copy(update={"metrics": (Metric(name="far", direction="lower"),)})
    last = trial("t", 11, 0.0, repetition=1)
    assert last.outcome is not None
    moved = last.model_copy(
        update={"outcome": last.outcome.model_copy(update={"metrics": {"far": 0.25}})}
    )
    rehearsal = GOOD._replace(again=[*GOOD.again[:-1], moved])
    assert "had far 0, then 0.25" in only(problems(rehearsal, traits=traits)).said


def test_an_agent_that_does_nothing_and_solves_is_a_problem() -> None:
    problem = only(problems(GOOD._replace(null=trials([1, 0] * 6))))
    assert problem.about == "null agent"
    assert "0.50 in 12 trials" in problem.said
    assert problems(GOOD._replace(null=trials([1, *[0] * 11]))) == ()


def test_an_oracle_that_fails_once_is_a_problem() -> None:
    problem = only(problems(GOOD._replace(oracle=trials([1] * 11 + [0.5]))))
    assert problem.about == "oracle"
    assert "1 of 12 trials, such as task 't', seed 11: failed, success 0.5" in problem.said


def test_a_world_may_have_no_oracle() -> None:
    assert problems(GOOD._replace(oracle=())) == ()


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_a_metric_that_never_moves_is_a_problem(value: float) -> None:
    still = Rehearsal(
        trials([value] * 36), trials([value] * 12, repetition=1), null=trials([value] * 12)
    )
    found = problems(still)
    assert [problem.about for problem in found] == ["metrics"]
    assert f"success was {value:g} in each of 60 trials of target and null agent" in found[0].said
    assert problems(still._replace(oracle=trials([1] * 12))) == (), "an oracle shows that it can"


def test_a_guard_that_never_moves_is_a_problem() -> None:
    objective = Objective(guards=(Guard(metric="steps", margin=0.1),))
    (problem,) = problems(objective=objective)
    assert problem.said.startswith("the guard's metric steps was 0 in each of ")


def test_a_metric_that_is_never_reported_is_a_problem() -> None:
    traits = TRAITS.model_copy(update={"metrics": (Metric(name="mrr", direction="higher"),)})
    found = problems(objective=Objective(maximise="mrr"), traits=traits)
    assert "metric mrr has no value" in found[0].said


def test_a_gate_of_too_few_looks_is_told_how_many_it_needs() -> None:
    few = Objective(rule=PairedRule(max_blocks=1))
    problem = only(problems(objective=few))
    assert problem.about == "smallest effect"
    assert "even an improvement of +0.2 in success (20 x what is worthwhile)" in problem.said
    assert "with 10 x 1 comparisons: set objective.rule.max_blocks to " in problem.said
    blocks = int(problem.said.partition("max_blocks to ")[2].partition(",")[0])
    enough = Objective(rule=PairedRule(max_blocks=blocks))
    assert problems(objective=enough) == (), "what it says is enough is enough"


def test_a_target_that_has_almost_no_room_left_is_told() -> None:
    saturated = GOOD._replace(
        target=[trial("t", seed, 1) for seed in range(2000)], again=(), edits=()
    )
    problem = only(problems(saturated))
    assert "(all that is left)" in problem.said


def test_a_world_whose_verdicts_flip_hides_every_improvement() -> None:
    """27 % of verdicts flip on identical inputs, and the rule looks for 1 %."""
    flips = [1 - r.success if n % 4 == 0 else r.success for n, r in enumerate(GOOD.target)]
    loud = GOOD._replace(again=trials(flips, repetition=1))
    honest = TRAITS.model_copy(update={"is_deterministic": False})
    fine = Objective(rule=PairedRule(worthwhile=0.001))
    problem = only(problems(loud, traits=honest, objective=fine))
    assert problem.about == "smallest effect"
    assert problems(loud, traits=honest, objective=Objective()) == ()


def test_what_is_spent_needs_a_target_that_solves() -> None:
    lost = GOOD._replace(
        target=trials([0] * 36), again=trials([0] * 12, repetition=1), edits=(), oracle=()
    )
    found = problems(
        lost._replace(null=trials([0] * 12, context=1)),
        objective=Objective(minimise="context_tokens"),
    )
    assert "the target solves none of 36 trials" in only(found).said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"guards": ["steps <= 1.5x"]}, "the guard steps <= 1.5x is compared where both solve"),
        ({"then": {"minimise": "steps"}}, "the second aim, steps, is compared where both solve"),
    ],
)
def test_what_is_spent_and_never_compared_can_guard_nothing(
    more: dict[str, object], said: str
) -> None:
    graded = GOOD._replace(
        target=trials([0.5, 0.2] * 18), again=trials([0.5, 0.2] * 6, repetition=1), edits=()
    )
    found = [
        problem
        for problem in problems(graded, objective=Objective.model_validate(more))
        if problem.about == "guards"
    ]
    assert only(tuple(found)).said.startswith(said)


def test_a_guard_that_not_even_the_target_could_hold_is_told() -> None:
    tight = Objective(guards=(Guard(metric="success", margin=0.002),))
    problem = only(problems(objective=tight))
    assert problem.about == "guards"
    assert "success within 0.002 cannot be shown with 10 x 48 comparisons" in problem.said
    assert problems(objective=Objective(guards=(Guard(metric="success", margin=0.1),))) == ()


def tails(blocks: int, *guards: str) -> Objective:
    """Returns an objective with guards on tails, and so many blocks of 10 to show them."""
    rule = {"max_blocks": blocks}
    return Objective.model_validate({"guards": guards, "rule": rule})


@pytest.mark.parametrize(
    ("guard", "needed"),
    [
        ("p50(far) >= -1", 7),
        ("p90(far) >= -1", 43),
        ("p95(far) >= -1", 88),
        ("p99(far) >= -1", 451),
        ("success >= 0.95", 88),
    ],
)
def test_a_tail_that_the_planned_clusters_can_never_show_is_refused_with_the_number(
    guard: str, needed: int
) -> None:
    traits = TRAITS.model_copy(update={"metrics": (Metric(name="far", direction="higher"),)})

    def told(blocks: int) -> list[str]:
        found = problems(objective=tails(blocks, guard), traits=traits)
        return [one.said for one in found if one.about == "guards"]

    blocks = -(-needed // 10)
    assert told(blocks) == []
    if blocks > 1:
        (said,) = told(blocks - 1)
        assert said.startswith(
            f"objective.guards.0: '{guard}' can never be shown with 10 x {blocks - 1} comparisons: "
            f"it takes {needed}, and each within; set objective.rule.max_blocks to {blocks}, or "
            "give more validation tasks"
        )


def test_the_number_is_the_one_at_which_the_gate_would_show_it() -> None:
    guard = parse_bound("p90(context_tokens) <= 100")
    evidence = Evidence(Objective(guards=(guard,)), TRAITS)
    for seed in range(42):
        evidence.add([trial("t", seed, 1.0)], [trial("t", seed, 1.0)])
    assert evidence.open_guards == [guard]
    evidence.add([trial("t", 42, 1.0)], [trial("t", 42, 1.0)])
    assert evidence.open_guards == []


def test_every_tail_out_of_reach_is_named_and_a_percentile_that_could_be_shown_is_offered() -> None:
    objective = tails(9, "p95(steps) <= 9", "p99(steps) <= 9", "p99(context_tokens) <= 500")
    found = [one.said for one in problems(objective=objective) if one.said.startswith("objective.")]
    assert [said.partition(":")[0] for said in found] == [
        "objective.guards.1",
        "objective.guards.2",
    ]
    assert found[0].endswith("or guard p95, for which 88 are enough")


def test_of_fixed_data_the_train_items_must_show_a_tail() -> None:
    rehearsal = GOOD._replace(validation=trials([1, 0] * 30))
    fixed = Traits(is_seeded=False, is_deterministic=True, context_meter="read_tokens")
    objective = Objective.model_validate(
        {"guards": ["p95(context_tokens) <= 500"], "rule": {"name": "gate"}}
    )

    def told(train_tasks: int) -> list[str]:
        planned = PLANNED._replace(has_fresh_seeds=False, tasks=60, train_tasks=train_tasks)
        found = problems(rehearsal, objective=objective, traits=fixed, planned=planned)
        return [one.said for one in found if one.said.startswith("objective.guards.0")]

    assert told(88) == []
    (said,) = told(87)
    assert "with 87 comparisons: it takes 88, and each within; give more train tasks" in said


def test_several_problems_are_told_at_once() -> None:
    both: Any = GOOD._replace(null=trials([1] * 12), oracle=trials([0] * 12))
    assert [problem.about for problem in problems(both)] == ["null agent", "oracle"]
