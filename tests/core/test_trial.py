from __future__ import annotations

from typing import TypeVar

import pytest

from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate, ItemOutcome, Outcome
from agentlab.core.task import Task
from agentlab.core.trial import Artefact, Bench, Pair, Trial, TrialRecord
from agentlab.core.value import Value

BENCH = Bench(
    environment=EnvironmentSpec(reference="environments/browser"),
    target=TargetSpec(),
    limits=Limits(),
)
PAIR = Pair(task=Task(id="shop/one"), seed=4, split="train", cluster="shop/one#0")
TRIAL = Trial(bench=BENCH.digest, candidate="c" * 32, pair=PAIR)


Changed = TypeVar("Changed", bound=Value)


def changed(value: Changed, changes: dict[str, object]) -> Changed:
    """Returns the same value with other fields; nothing that was computed of it comes along."""
    fields = {name: getattr(value, name) for name in type(value).model_fields}
    return type(value).model_validate({**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"bench": "0" * 32},
        {"candidate": "d" * 32},
        {"kind": "prepare", "pair": None},
        {"pair": PAIR.model_copy(update={"seed": 5})},
        {"pair": PAIR.model_copy(update={"task": Task(id="shop/two")})},
        {"pair": PAIR.model_copy(update={"split": "validation"})},
        {"artefact": Artefact(digest="a" * 32, size_bytes=1)},
        {"preparation_seed": 1},
        {"repetition": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_whatever_decides_the_outcome_is_in_the_key(changes: dict[str, object]) -> None:
    assert changed(TRIAL, changes).key != TRIAL.key


@pytest.mark.parametrize(
    "changes", [{"trace": "always"}, {"pair": PAIR.model_copy(update={"cluster": "other"})}]
)
def test_how_a_trial_is_looked_at_is_not_in_the_key(changes: dict[str, object]) -> None:
    assert changed(TRIAL, changes).key == TRIAL.key


def test_a_bench_is_the_same_behind_another_wall_and_not_with_other_versions() -> None:
    elsewhere = changed(BENCH, {"sandbox": "plain"})
    upgraded = changed(BENCH, {"fingerprint": {"browser": "2"}})

    assert elsewhere.digest == BENCH.digest
    assert upgraded.digest != BENCH.digest


def record(fate: Fate, outcome: Outcome | None) -> TrialRecord:
    return TrialRecord(key="k", bench="b", candidate="c", fate=fate, outcome=outcome)


def test_what_was_not_judged_has_no_success_and_no_items() -> None:
    crashed = record(Fate.CRASHED, None)

    assert (crashed.success, crashed.items) == (0.0, ())


def test_a_judged_record_tells_its_outcome() -> None:
    item = ItemOutcome(id="query", cluster="group", success=0.5)
    judged = record(Fate.SOLVED, Outcome(success=0.75, items=(item,)))

    assert (judged.success, judged.items) == (0.75, (item,))
