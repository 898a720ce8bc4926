"""The camera: what it shows is where it is, and the same each time."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from tests.environments.robot.world import environment, one_box, part

camera, view = part("camera"), part("pictures.view")


def pixels(rows: list[str]) -> Any:
    """Returns the picture as a policy would read it: (row, column, colour)."""
    return np.array([list(base64.b64decode(row)) for row in rows]).reshape(64, 64, 3)


def simulator(**changes: Any) -> Any:
    instance = one_box(**changes)
    made = part("simulator").Simulator(instance.structure)
    made.reset(instance)
    return made


@pytest.mark.parametrize("at", [(0.34, 0.2), (0.5, 0.15), (0.58, -0.22)])
def test_a_box_is_seen_where_it_is(at: tuple[float, float]) -> None:
    seen = pixels(simulator(x=at[0], y=at[1]).observe(["camera"])["camera"])
    is_red = (seen[..., 1:] * 2 < seen[..., :1]).all(axis=2)
    (place,), _ = view.projected(np.array([[*at, 0.025]]), camera.VIEW, 64, 64)
    rows, columns = np.nonzero(is_red)
    found = [columns.mean() + 0.5, rows.mean() + 0.5]
    assert found == pytest.approx(place.tolist(), abs=1.5)


def test_the_goal_is_marked() -> None:
    with_goal, without = (pixels(simulator(**kind).picture()) for kind in ({}, {"x": 0.4}))
    (place,), _ = view.projected(np.array([[0.45, -0.15, 0.0]]), camera.VIEW, 64, 64)
    column, row = (int(value) for value in place)
    for seen in (with_goal, without):
        red, green, blue = seen[row, column]
        assert green > red
        assert green > blue


def test_the_same_table_gives_the_same_picture_in_another_scene() -> None:
    first, second = simulator(yaw=0.3), simulator(half_m=0.04)
    other = second.picture()
    assert first.picture() == first.picture() != other
    second.reset(one_box(yaw=0.3))
    assert second.picture() == first.picture()


def test_looking_changes_nothing_that_happens() -> None:
    still, looking = environment("place"), environment("place")
    recordings = []
    for world, fields in ((still, ["tool"]), (looking, ["camera"])):
        episode = world.start(world.tasks("train")[0], 3)
        for _ in range(5):
            episode.step(move=[0.03, 0.0, -0.03], fields=fields)
        recordings.append(episode.finish().sha256)
    assert recordings[0] == recordings[1]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_what_is_nowhere_makes_a_picture_as_well(value: float) -> None:
    made = simulator()
    made.data.qpos[7] = value
    assert pixels(made.picture()).shape == (64, 64, 3)
