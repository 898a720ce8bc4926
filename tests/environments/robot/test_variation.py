"""What a seed decides, and that it decides nothing else."""

from __future__ import annotations

from math import hypot
from typing import Any

import pytest

from agentlab.core.task import SPLITS
from tests.environments.robot.world import environment, part

KINDS = tuple(part("tasks").KINDS)
variation = part("variation")


def drawn(kind: str, split: Any, level: str, count: int = 60) -> list[Any]:
    world = environment(kind, variation=level)
    tasks = world.tasks(split)
    return [world.instance(tasks[seed % len(tasks)], seed) for seed in range(count)]


@pytest.mark.parametrize("level", ["nominal", "all"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_instance_is_within_reach_and_undone(kind: str, level: str) -> None:
    is_reachable = part("arm").is_reachable
    for split in SPLITS:
        for instance in drawn(kind, split, level):
            for place in instance.places:
                box = instance.boxes[place.box]
                assert is_reachable(place.x, place.y, place.z + 0.05)
                assert is_reachable(box.x, box.y, box.z)
                away = hypot(hypot(place.x - box.x, place.y - box.y), place.z - box.z)
                assert away > variation.NEAREST_M
                assert abs(box.yaw) <= 0.6
            if instance.button is not None:
                assert is_reachable(*instance.button)


def test_everything_varies_within_what_is_said() -> None:
    boxes = [instance.boxes[0] for instance in drawn("place", "train", "all", 300)]
    conditions = [instance.conditions for instance in drawn("place", "train", "all", 300)]
    for name, low, high in (
        ("mass_kg", 0.05, 1.0),
        ("friction", 0.2, 1.2),
        ("half_m", 0.015, 0.04),
    ):
        values = [getattr(box, name) for box in boxes]
        assert low <= min(values) < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < max(values) <= high
    assert {one.delay_steps for one in conditions} == {0, 1, 2, 3}
    assert all(0 <= one.noise_m <= 0.008 and 0.8 <= one.gain <= 1.2 for one in conditions)


def test_nominal_moves_only_what_lies_where() -> None:
    for instance in drawn("place", "train", "nominal"):
        assert instance.boxes[0][4:] == (0.025, 0.2, 0.8)
        assert instance.conditions == part("instance").Conditions()


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_split_has_a_family_that_no_other_has(kind: str) -> None:
    def family(instance: Any) -> float:
        wall = instance.wall.height_m if instance.wall is not None else 0.0
        button = instance.button[2] if instance.button is not None else 0.0
        found: float = {
            "place": instance.boxes[0].mass_kg,
            "sort_three": instance.boxes[0].mass_kg,
            "place_over_wall": wall,
            "push": -instance.boxes[0].friction,
            "place_air": instance.places[0].z - instance.boxes[0].half_m if instance.places else 0,
            "stack_two": instance.boxes[-1].half_m,
            "press_button": button,
            "noisy_late": instance.conditions.delay_steps,
        }[kind]
        return found

    for level in ("nominal", "all"):
        usual = [family(one) for split in SPLITS[:2] for one in drawn(kind, split, level)]
        unseen = [family(one) for one in drawn(kind, "test", level)]
        assert max(usual) <= min(unseen), level
        assert max(usual) < max(unseen), level


def test_one_seed_is_one_instance_and_another_another() -> None:
    first, again = (drawn("place", "train", "all") for _ in range(2))
    assert first == again
    assert len(set(first)) == len(first)


def test_train_and_test_share_no_instance() -> None:
    assert not set(drawn("place", "train", "nominal")) & set(drawn("place", "test", "nominal"))
