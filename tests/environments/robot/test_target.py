"""What a sensible engineer writes in a first hour: it fails, and what would mend it is known."""

from __future__ import annotations

from typing import Any

from tests.environments.robot.world import environment, part, target

TUNED = {"GAIN": 0.15, "ALIGNED": 0.02, "GRIP_STEPS": 4, "ARRIVED": 0.02, "DROP": 0.03}
"""Numbers, found by hand."""


def success(solve: Any, kind: str, seeds: range) -> float:
    world = environment(kind, tier=2)
    played = [
        part("rollout").rollout(solve, kind, "validation", seed, environment=world)
        for seed in seeds
    ]
    assert [one.error for one in played] == [None] * len(played)
    share: float = sum(one.outcome.success for one in played) / len(played)
    return share


def test_it_seldom_succeeds() -> None:
    assert 0 < success(target(), "place", range(48)) <= 0.25
    assert success(target(), "place_over_wall", range(12)) == 0


def test_other_numbers_mend_placing_and_not_the_wall() -> None:
    assert success(target(**TUNED), "place", range(24)) >= 0.95
    assert success(target(**TUNED), "place_over_wall", range(12)) == 0
