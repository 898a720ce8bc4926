"""Trials that were answered from the store, run again."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.environment import Traits
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import Task
from agentlab.core.trial import Pair, Trial
from agentlab.search.caches.verify import chosen_keys, verify_reused
from agentlab.search.desk import Reused
from agentlab.trials.records import record_of
from tests.search.scripted import Scripted
from tests.search.wiring import BASELINE


def reused(successes: list[float]) -> dict[str, Reused]:
    found = {}
    for seed, success in enumerate(successes):
        pair = Pair(task=Task(id="t"), seed=seed, split="train", cluster=str(seed))
        trial = Trial(bench="b", candidate=BASELINE.digest, pair=pair)
        fate = Fate.SOLVED if success >= 1 else Fate.FAILED
        record = record_of(trial, fate, outcome=Outcome(success=success))
        found[trial.key] = Reused(trial, BASELINE, record)
    return found


def verified(
    successes: list[float], folder: Path, *, share: float = 1.0, is_deterministic: bool = True
) -> tuple[int, int, bool]:
    found = verify_reused(
        Scripted(),
        reused(successes),
        share=share,
        seed=1,
        traits=Traits(is_deterministic=is_deterministic),
        artefacts=folder,
    )
    assert found.answered == len(successes)
    return found.rerun, found.differing, found.disagrees


def test_what_comes_out_the_same_agrees(tmp_path: Path) -> None:
    assert verified([1.0] * 8, tmp_path) == (8, 0, False)


def test_in_a_deterministic_world_one_difference_is_a_disagreement(tmp_path: Path) -> None:
    assert verified([1.0] * 7 + [0.0], tmp_path) == (8, 1, True)


def test_in_others_it_takes_a_change_beyond_chance(tmp_path: Path) -> None:
    assert verified([1.0] * 7 + [0.0], tmp_path, is_deterministic=False) == (8, 1, False)
    assert verified([0.0] * 20, tmp_path, is_deterministic=False) == (20, 20, True)


def test_what_our_side_lost_is_not_compared(tmp_path: Path) -> None:
    found = verify_reused(
        Scripted(loses=3),
        reused([1.0] * 2),
        share=1.0,
        seed=1,
        traits=Traits(is_deterministic=True),
        artefacts=tmp_path,
    )

    assert (found.rerun, found.disagrees) == (0, False)


def test_an_example_says_what_was_stored_and_what_came(tmp_path: Path) -> None:
    found = verify_reused(
        Scripted(),
        reused([0.0]),
        share=1.0,
        seed=1,
        traits=Traits(is_deterministic=True),
        artefacts=tmp_path,
    )

    assert "task t, seed 0" in found.example
    assert "stored failed" in found.example
    assert "measured again solved" in found.example


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_the_share_is_random_by_seed_and_the_same_again(share: float) -> None:
    keys = {f"key-{number}": number for number in range(2000)}
    one, same, other = (chosen_keys(keys, share=share, seed=seed) for seed in (1, 1, 2))

    assert one == same != other
    assert abs(len(one) / len(keys) - share) < 0.03
    assert set(chosen_keys(dict(list(keys.items())[:1000]), share=share, seed=1)) <= set(one)
