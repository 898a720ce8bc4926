"""Who is measured before the first proposal, on which pairs, for how much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.objective import Objective
from agentlab.measure.rehearsal import Rehearsal
from agentlab.search.budget import Budget
from agentlab.search.rehearsing import NULL_AGENT, Cast, rehearse, yardstick_candidate
from tests.search.test_contest import BETTER
from tests.search.wiring import BASELINE, Wiring

BROKEN = BASELINE.with_files(
    {"agent.py": b"def solve(goal, tools):\n    raise ValueError\n"}, parent=BASELINE.digest
)
NULL = yardstick_candidate("null", NULL_AGENT, TargetSpec())
NO_CAP = Budget(candidates=8)


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """Yields the parts of one search for all tests: what one measured, the next one finds."""
    made = Wiring(tmp_path_factory.mktemp("artefacts"))
    yield made
    made.executor.close()


def rehearsed(
    wiring: Wiring,
    *,
    budget: Budget = NO_CAP,
    edits: tuple[Candidate, ...] = (BETTER,),
    metric: str | None = None,
    is_deterministic: bool = True,
    slots: int = 1,
) -> Rehearsal:
    oracle = yardstick_candidate("oracle", wiring.environment.yardsticks()["oracle"], TargetSpec())
    return rehearse(
        wiring.measuring,
        wiring.schedule,
        Cast(BASELINE, edits, {"null": NULL, "oracle": oracle}),
        objective=Objective(minimise=metric),
        traits=wiring.traits.model_copy(update={"is_deterministic": is_deterministic}),
        budget=budget,
        slots=slots,
    )


def test_the_targets_trials_are_those_of_the_first_halving(wiring: Wiring) -> None:
    found = rehearsed(wiring)
    block = wiring.schedule.blocks("train", "halving0", 3)
    assert [record.seed for record in found.target] == [pair.seed for pair in block]
    before = wiring.desk.measured
    wiring.measuring.on(BASELINE, block)
    assert wiring.desk.measured == before, "the search finds them"


def test_a_repetition_is_another_trial_on_the_same_pairs(wiring: Wiring) -> None:
    found = rehearsed(wiring)
    first = found.target[: len(found.again)]
    assert [r.seed for r in found.again] == [r.seed for r in first]
    assert not {r.key for r in found.again} & {r.key for r in first}
    assert {r.repetition for r in found.again} == {1}


def test_where_noise_is_to_be_found_more_is_repeated(wiring: Wiring) -> None:
    few = len(rehearsed(wiring).again)
    assert len(rehearsed(wiring, is_deterministic=False).again) == 2 * few == 24


def test_the_oracle_solves_and_the_null_agent_mostly_does_not(wiring: Wiring) -> None:
    found = rehearsed(wiring)
    assert all(record.success == 1 for record in found.oracle)
    assert sum(record.success for record in found.null) < len(found.null) / 2


def test_an_edit_that_breaks_says_nothing_of_noise(wiring: Wiring) -> None:
    found = rehearsed(wiring, edits=(BROKEN, BETTER))
    assert [edit[0].candidate for edit in found.edits] == [BETTER.digest]


def test_what_is_spent_is_compared_where_the_target_solves(wiring: Wiring) -> None:
    found = rehearsed(wiring, metric="steps")
    solved = [record.seed for record in found.target if record.success == 1]
    assert [record.seed for record in found.edits[0]] == solved[:12]


def test_it_is_small(wiring: Wiring) -> None:
    found = rehearsed(wiring, edits=(BETTER, BROKEN, NULL))
    assert len(found.records) <= 120
    assert found.validation == []


@pytest.mark.parametrize("trials", [130, 400, 800])
def test_it_takes_a_tenth_of_the_trials_or_one_block(wiring: Wiring, trials: int) -> None:
    found = rehearsed(wiring, budget=Budget(trials=trials))
    assert len(found.records) <= max(12, trials // 10)
    assert len(found.target) >= 12


def test_it_takes_a_tenth_of_the_time_that_its_trials_say(wiring: Wiring) -> None:
    spent = sum(record.usage.wall_s for record in rehearsed(wiring).target[:12])
    assert len(rehearsed(wiring, budget=Budget(wall_s=spent)).records) == 12
    assert len(rehearsed(wiring, budget=Budget(wall_s=1000 * spent)).records) > 60
    assert len(rehearsed(wiring, budget=Budget(wall_s=spent), slots=1000).records) > 60


def test_going_on_measures_nothing_twice(wiring: Wiring, tmp_path: Path) -> None:
    first = rehearsed(wiring)
    wiring.desk.flush()
    later = Wiring(tmp_path / "later")
    try:
        later.journal.trials = wiring.journal.trials
        assert rehearsed(later) == first
        assert later.desk.measured == 0
    finally:
        later.executor.close()


def test_a_yardstick_runs_under_the_names_of_the_experiment() -> None:
    target = TargetSpec(entry="brain/main.py:act", prepare="brain/main.py:learn")
    files = yardstick_candidate("null", NULL_AGENT, target).files
    made: dict[str, object] = {}
    exec(files["brain/main.py"], made)
    assert made["act"] is made["solve"]
    assert made["learn"] is made["prepare"]
    assert yardstick_candidate("null", NULL_AGENT, TargetSpec()).files == NULL_AGENT
