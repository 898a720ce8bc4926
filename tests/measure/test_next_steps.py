from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.ceiling import Bounds, CeilingVerdict
from agentlab.core.decision import Decision, Verdict
from agentlab.core.objective import Guard, Objective, PairedRule
from agentlab.core.result import Nearest
from agentlab.measure.ceiling_rules import CeilingCase
from agentlab.measure.next_steps import Setting, steps_for
from tests.measure.decided import decided, estimate, sampled
from tests.measure.test_ceiling_rules import case, never, plateau, seen

OBJECTIVE = Objective(
    guards=(Guard(metric="steps", margin=0.1),), rule=PairedRule(max_blocks=12, worthwhile=0.02)
)


def setting(**changes: Any) -> Setting:
    usual = Setting(
        objective=OBJECTIVE,
        sources=({"kind": "mutation"},),
        tasks=20,
        frozen=(),
        editable=("*.py",),
        metrics=("success", "context_tokens", "steps"),
        is_seeded=True,
        is_used_up=False,
        is_of_script=False,
    )
    return usual._replace(**changes)


def steps(
    verdict: CeilingVerdict,
    asked: CeilingCase | None = None,
    given: Setting | None = None,
    decisions: tuple[Decision, ...] = (),
) -> list[tuple[str, str]]:
    found = steps_for(verdict, asked or case(), given or setting(), decisions)
    return [(step.said, step.command) for step in found]


def test_one_goes_on_from_the_winner_or_with_other_draws() -> None:
    ((said, command),) = steps("keep going", case(plateau=plateau(structure=3)))
    assert said.startswith("go on with other draws: 36 proposals")
    assert command == "agentlab run RUN/experiment.yaml --set budget.candidates=36 --set seed=2"
    kept = plateau(structure=3).model_copy(update={"kept": 2})
    ((said, command),) = steps("keep going", case(plateau=kept))
    assert said.startswith("go on from the winner: 36")
    assert command.endswith("--set target.path=RUN/repository")


def test_where_nothing_more_is_proposed_other_sources_are_named_and_not_other_draws() -> None:
    bank = ({"kind": "ideas", "folder": "bank"},)
    asked = case(plateau=plateau(structure=3))
    ((said, command),) = steps("keep going", asked, setting(is_used_up=True, sources=bank))
    assert said.startswith("the meta-agents have nothing more to propose")
    assert '{"kind": "mutation"}' in command
    ((_, command),) = steps("keep going", asked, setting(is_used_up=True))
    assert not command


def test_what_was_found_apart_is_brought_together() -> None:
    bounds = Bounds(winner=estimate(0.7), best_per_task_lead=estimate(0.2))
    asked = case(bounds=bounds, plateau=plateau(structure=3))
    first, *_ = steps("keep going", asked)
    assert first[0] == "bring together what was found apart"
    assert "crossover" in first[1]
    with_crossover = setting(sources=({"kind": "mutation"}, {"kind": "crossover"}))
    assert "found apart" not in str(steps("keep going", asked, with_crossover))


def test_numbers_that_nobody_moved_are_moved() -> None:
    first, *_ = steps("keep going", case(plateau=plateau(numbers=3)))
    assert first[0].startswith("move the numbers")


def test_more_seeds_are_told_with_what_they_would_show() -> None:
    decisions = (decided(1, Verdict.UNDECIDED, "gate", tested=sampled(0.03, 0.4)),)
    ((said, command),) = steps("noise-limited", case(detectable=seen(0.1)), None, decisions)
    told = re.fullmatch(r"more seeds: 20 tasks x (\d+) seeds to see \+0\.05", said)
    assert told is not None
    # By the usual formula (2.33 + 0.84)^2 0.4^2 / 0.05^2 = 643 pairs, 32 blocks, at one look.
    assert 24 <= int(told[1]) <= 80
    assert command == f"agentlab run RUN/experiment.yaml --set objective.rule.max_blocks={told[1]}"


def test_the_nearest_miss_says_how_many_seeds() -> None:
    nearest = Nearest(
        number=7,
        label="x",
        gain=0.08,
        pairs=240,
        pairs_needed=600,
        blocks_needed=30,
        trials_needed=1200,
        needed_s=9,
    )
    asked = case(detectable=seen(0.1).model_copy(update={"nearest": nearest}))
    ((said, _),) = steps("noise-limited", asked)
    assert said == "more seeds: 20 tasks x 30 seeds to see what #7 promised (+0.08)"


def test_fixed_data_need_tasks_and_not_seeds() -> None:
    ((said, command),) = steps("noise-limited", None, setting(is_seeded=False))
    assert said.startswith("add tasks")
    assert command == ""


def test_a_saturated_benchmark_is_made_harder_or_solved_for_less() -> None:
    harder, less = steps("benchmark saturated")
    assert harder[0].startswith("take harder tasks")
    assert "less context tokens" in less[0]
    assert "objective.minimise=context_tokens" in less[1]


def test_constants_are_no_longer_tuned() -> None:
    stop, structure = steps("parametric ceiling", case(plateau=plateau(structure=0)))
    assert stop[0] == "stop tuning constants: 36 edits of numbers, none kept"
    assert structure[1] == "agentlab run RUN/experiment.yaml --ideas DIR"
    numbers_alone = setting(sources=({"kind": "numeric"},))
    assert "mutation" in steps("parametric ceiling", None, numbers_alone)[2][1]


def test_tasks_that_nobody_solved_are_named_and_other_components_opened() -> None:
    unsolved = tuple(never(f"t{n}") for n in range(6))
    asked = case(bounds=Bounds(winner=estimate(0.7), tasks=12, unsolved=unsolved))
    frozen = setting(frozen=("prompt.txt", "tools.json"))
    decisions = (decided(9, Verdict.DISCARDED, "gate", tested=sampled(-0.1)),)
    tasks, components = steps("architectural ceiling", asked, frozen, decisions)
    assert tasks[0].endswith("t0, t1, t2, t3 and 2 more")
    assert tasks[1] == "agentlab show RUN 9"
    assert components[0] == "open other components: prompt.txt, tools.json could not be edited"
    opened = """--set 'target.editable=["*.py", "prompt.txt", "tools.json"]'"""
    assert components[1].endswith(opened)
    assert "what the agent is given" in steps("architectural ceiling", asked)[1][0]


def test_one_stops_with_the_winner_or_without_and_knows_what_was_missed() -> None:
    decisions = (decided(1, tested=sampled(0.0)),)
    leave, only_if = steps("you can stop tuning this", None, None, decisions)
    assert leave[0].startswith("leave the target as it is")
    assert only_if[0].startswith("only if +0.025 would matter: 20 tasks x ")
    kept = plateau().model_copy(update={"kept": 1})
    take, *_ = steps("you can stop tuning this", case(plateau=kept))
    assert take == ("take the winner as it is", "agentlab diff RUN")


def test_proposals_that_never_ran_or_broke_a_guard_are_worth_a_look() -> None:
    broken = decided(1, Verdict.INVALID, "smoke", reason="its first trial crashed: KeyError")
    guarded = decided(
        2, Verdict.DISCARDED, "gate", reason="guard broken: steps within 0.1", tested=sampled(0.1)
    )
    told = steps("keep going", case(plateau=plateau(structure=3)), None, (broken, guarded))
    assert ("50 % of the proposals did not run at all; see one", "agentlab show RUN 1") in told
    guard = "a guard stopped 1 of 2 proposals: is steps within 0.1 what is wanted?"
    assert (guard, "agentlab show RUN 2") in told


def test_a_run_of_a_script_is_given_settings_and_no_command_that_cannot_work() -> None:
    found = steps("keep going", case(plateau=plateau(structure=3)), setting(is_of_script=True))
    assert [command for _, command in found] == ["budget.candidates=36, seed=2"]


@pytest.mark.parametrize(
    "verdict", ["keep going", "noise-limited", "benchmark saturated", "parametric ceiling"]
)
def test_there_are_at_most_four_steps(verdict: CeilingVerdict, tmp_path: Path) -> None:
    bounds = Bounds(
        winner=estimate(0.7),
        best_per_task_lead=estimate(0.2),
        unsolved=(never("t"),),
    )
    broken = decided(1, Verdict.INVALID, "smoke", reason="its first trial crashed: KeyError")
    assert 1 <= len(steps(verdict, case(bounds=bounds), None, (broken,))) <= 4
