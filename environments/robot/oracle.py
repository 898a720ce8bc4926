"""A controller whose success is known: it places boxes, one after another, over a wall if need be.

It is run as a candidate is, on the standard library alone, and sees what any policy sees.
"""

from __future__ import annotations

from math import pi
from typing import Any

__all__ = ["SOLVES", "solve"]

SOLVES = frozenset({"place", "place_over_wall", "stack_two", "sort_three"})
"""The kinds that it solves at every seed where the variation is nominal."""

_HOVER = 0.10
_GRIP_STEPS = 8
_ARRIVED = 0.01
_MOST_STEPS = 30

Point = list[float]


def solve(goal: Any, tools: Any) -> None:  # Any: what the stub gives a candidate
    """Places each box at its goal."""
    goals, wall = goal.inputs["goal"], goal.inputs.get("wall")
    for box in range(len(goals) // 3):
        seen = tools.observe(fields=["box", "box_yaw"])
        x, y, z = seen["box"][3 * box : 3 * box + 3]
        # A cube looks the same every quarter turn.
        yaw = (seen["box_yaw"][box] + pi / 4) % (pi / 2) - pi / 4
        place = goals[3 * box : 3 * box + 3]
        _go(tools, _over([x, y, z]), yaw=yaw, grip=1.0)
        _go(tools, [x, y, z], yaw=yaw, grip=1.0)
        tools.step(grip=0.0, repeat=_GRIP_STEPS)
        height = max(z, place[2]) + _HOVER
        if wall is not None:
            height = max(height, wall["height"] + _HOVER)
        for point in ([x, y, height], [place[0], place[1], height], place):
            _go(tools, point, yaw=yaw, grip=0.0)
        tools.step(grip=1.0, repeat=_GRIP_STEPS)
        _go(tools, _over(place), yaw=yaw, grip=1.0)


def _over(point: Point) -> Point:
    return [point[0], point[1], point[2] + _HOVER]


def _go(tools: Any, point: Point, *, yaw: float, grip: float) -> None:
    still = 0
    for _ in range(_MOST_STEPS):
        tool = tools.step(to=point, yaw=yaw, grip=grip, fields=["tool"])["tool"]
        near = max(abs(a - b) for a, b in zip(tool, point, strict=True)) < _ARRIVED
        still = still + 1 if near else 0
        if still > 2:
            return
