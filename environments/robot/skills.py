"""What the arm offers beside single steps: a plan over the wall, and whole skills.

A skill is played by the trusted side, step by step, from what a policy could see itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi

from .instance import Wall
from .simulator import TO, Action, Simulator

__all__ = ["pick", "place", "plan"]

Point = tuple[float, float, float]

_HOVER_M = 0.10
_GRIP_STEPS = 8
_ARRIVED_M = 0.01
_MOST_STEPS = 30
"""Of one leg: where something is in the way, a skill goes on without having arrived."""


def plan(start: Point, goal: Point, *, clearance_m: float, wall: Wall | None) -> list[Point]:
    """Returns the points to pass on the way from start to goal, the goal included.

    Up, across and down where a wall is between them, and straight otherwise.
    """
    if wall is None or (start[1] - wall.y) * (goal[1] - wall.y) > 0:
        return [goal]
    height = max(start[2], goal[2], wall.height_m + clearance_m)
    return [(start[0], start[1], height), (goal[0], goal[1], height), goal]


def pick(simulator: Simulator, box: int) -> Iterator[Action]:
    """Yields the actions that take hold of a box from above and lift it."""
    x, y, z = _seen(simulator, box)
    yaw = _square(simulator.observe(["box_yaw"])["box_yaw"][box])
    yield from _go(simulator, (x, y, z + _HOVER_M), yaw=yaw, opening=1.0)
    yield from _go(simulator, (x, y, max(z, 0.012)), yaw=yaw, opening=1.0)
    for _ in range(_GRIP_STEPS):
        yield Action(TO, (x, y, max(z, 0.012)), yaw, 0.0)
    yield from _go(simulator, (x, y, z + _HOVER_M), yaw=yaw, opening=0.0)


def place(simulator: Simulator, goal: Point) -> Iterator[Action]:
    """Yields the actions that bring what is held to a point, let it go and draw back."""
    x, y, z = simulator.observe(["tool"])["tool"]
    wall = simulator.instance.wall
    over = (goal[0], goal[1], goal[2] + 0.5 * _HOVER_M)
    for point in plan((x, y, z), over, clearance_m=0.08, wall=wall):
        yield from _go(simulator, point, yaw=None, opening=0.0)
    yield from _go(simulator, goal, yaw=None, opening=0.0)
    for _ in range(_GRIP_STEPS):
        yield Action(TO, goal, None, 1.0)
    yield from _go(simulator, (goal[0], goal[1], goal[2] + _HOVER_M), yaw=None, opening=1.0)


def _go(
    simulator: Simulator, point: Point, *, yaw: float | None, opening: float
) -> Iterator[Action]:
    still = 0
    for _ in range(_MOST_STEPS):
        yield Action(TO, point, yaw, opening)
        tool = simulator.observe(["tool"])["tool"]
        away = max(abs(a - b) for a, b in zip(tool, point, strict=True))
        still = still + 1 if away < _ARRIVED_M else 0
        if still > 2:
            return


def _seen(simulator: Simulator, box: int) -> Point:
    x, y, z = simulator.observe(["box"])["box"][3 * box : 3 * box + 3]
    return x, y, z


def _square(yaw: float) -> float:
    """Returns the turn of a cube that is nearest to none: it looks the same every quarter."""
    return (yaw + pi / 4) % (pi / 2) - pi / 4
