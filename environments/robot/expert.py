"""A controller that solves every kind of task, whatever varies: what can be done, and at what cost.

For tests, benchmarks and a run's first check; no candidate and no meta-agent sees it. It needs the
standard library alone, and sees and does what any policy may, by `step` and `observe`.

Three things make it sure. Its set-point has a memory, so that an arm that is late is not told
twice. A box that lies still is seen on average. And what was done is looked at: a grip that holds
nothing is tried again, and a box that is beside its goal is taken, or pushed, once more.
"""

from __future__ import annotations

from math import cos, dist, hypot, pi, sin
from typing import Any, NamedTuple

__all__ = ["solve"]

Point = list[float]

_FIELDS = ["tool", "grip", "box", "box_yaw"]

_SPEED = 0.04
"""How far the set-point moves in one step, metres."""

_REST = 0.001
"""A tool that moves less than this in one step is at rest, metres."""

_LAG = 2.6
"""How many steps the tool is behind its set-point while nothing is in its way."""

_ABOVE = 0.05
"""From the top of a box, or of the wall, to the tool on its way to the box, metres."""

_LOWEST = 0.012
_SIGHTS = 9
"""How often a box is seen before it is touched."""

_THERE = 0.022
"""How far from its goal a box may be seen and still is left there, metres."""

_SHUT = 0.016
"""From the tool to the outside of shut fingers, metres."""

_GAP = 0.02
"""From a box to the fingers that are to push it, metres."""

_PUSHED = 0.013
"""What need not be pushed along a side any more, metres."""

_PUSH_SPEED = 0.016
_SHOVE_STEPS = 60
_BENT = 0.02
"""How far behind an arm may be that pushes, metres; then its set-point waits."""


def solve(goal: Any, tools: Any) -> None:  # Any: what the stub gives a candidate
    """Does what the instruction says, by the plan for its kind."""
    arm = _Arm(goal, tools)
    told = goal.instruction
    try:
        if told.startswith("Press"):
            _press(arm, goal.inputs["goal"])
        elif told.startswith("Push"):
            _push(arm, goal.inputs["goal"])
        elif "in the air" in told:
            _hold(arm, goal.inputs["goal"])
        else:
            wall = goal.inputs.get("wall")
            _put(arm, goal.inputs["goal"], wall["height"] if wall is not None else 0.0)
    except tools.Error as error:
        if error.kind != "time_is_up":
            raise


class _Sight:
    """Where a box is, on average: on the table, or relative to the tool that holds it."""

    def __init__(self) -> None:
        self.begin(is_held=False)

    def begin(self, *, is_held: bool) -> None:
        """Forgets what was seen."""
        self.is_held = is_held
        self.count = 0
        self.mean = [0.0, 0.0, 0.0]

    def add(self, seen: Point, tool: Point) -> None:
        if self.is_held:
            seen = [a - b for a, b in zip(seen, tool, strict=True)]
        self.count += 1
        # What is held may slip: its older sights count less.
        share = 1 / min(self.count, 12 if self.is_held else 60)
        self.mean = [a + share * (b - a) for a, b in zip(self.mean, seen, strict=True)]


class _Arm:
    """The arm, and what is known of it and of the boxes."""

    def __init__(self, goal: Any, tools: Any) -> None:
        self._tools = tools
        self.halves: list[float] = goal.inputs["half_sizes"]
        self.sights = [_Sight() for _ in self.halves]
        self.opening = 1.0
        self.late = 3
        """Steps from a command to the first move that it makes; found out with the first."""

        self._is_timed = True
        self._past: list[Point] = []
        self._sag = [0.0, 0.0, 0.0]
        """What the set-point is moved by, so that the tool is where it should be."""

        self.strain = [0.0, 0.0, 0.0]
        """How far the tool is behind of where it would be if nothing were in its way."""

        self._look(tools.observe(fields=_FIELDS))
        self.at = list(self.tool)
        """The set-point."""

    def step(
        self,
        point: Point,
        *,
        speed: float = _SPEED,
        yaw: float | None = None,
        lift: float = 0.0,
    ) -> float:
        """Moves the set-point towards a point; returns how far the tool moved."""
        way = dist(self.at, point)
        share = 1.0 if way <= speed else speed / way
        self.at = [a + share * (b - a) for a, b in zip(self.at, point, strict=True)]
        self._past.append(self.at)
        x, y, z = (a + b for a, b in zip(self.at, self._sag, strict=True))
        turned = {} if yaw is None else {"yaw": yaw}
        was = self.tool
        self._look(
            self._tools.step(to=[x, y, z + lift], grip=self.opening, fields=_FIELDS, **turned)
        )
        moved = dist(was, self.tool)
        if self._is_timed:
            self.late = len(self._past) - 1
            self._is_timed = moved < _REST
        told = self._past[max(len(self._past) - 1 - self.late, 0)]
        self.strain = [a - b - _LAG * (b - c) for a, b, c in zip(told, self.tool, was, strict=True)]
        return moved

    def go(
        self,
        point: Point,
        *,
        near: float = 0.03,
        speed: float = _SPEED,
        yaw: float | None = None,
        steps: int = 40,
    ) -> None:
        """Moves until the tool is near a point."""
        for _ in range(steps):
            self.step(point, speed=speed, yaw=yaw)
            if dist(self.tool, point) < near:
                return

    def settle(self, point: Point) -> None:
        """Brings the tool to rest at a point; what it lacks there is added to the set-point."""
        still = 0
        while still < self.late + 3:
            moved = self.step(point)
            still = still + 1 if moved < _REST and self.at == point else 0
        lacks = [a - b for a, b in zip(point, self.tool, strict=True)]
        if hypot(*lacks) > 0.004:
            self._sag = [_within(a + b, 0.03) for a, b in zip(self._sag, lacks, strict=True)]

    def squeeze(self, opening: float) -> None:
        """Opens or closes the gripper and waits until its fingers have come to rest."""
        began = was = self.grip
        self.opening, still = opening, 0
        for _ in range(self.late + 14):
            self.step(self.at)
            has_moved = abs(self.grip - began) > 0.004
            still = still + 1 if has_moved and abs(self.grip - was) < 0.001 else 0
            was = self.grip
            if still == 2:
                return

    def holds(self, box: int) -> bool:
        """Tells whether the fingers are as far apart as the box is wide."""
        apart: float = self.grip - 2 * self.halves[box]
        return abs(apart) < 0.012

    def _look(self, seen: Any) -> None:
        self.tool, self.grip, self.yaws = seen["tool"], seen["grip"], seen["box_yaw"]
        for number, sight in enumerate(self.sights):
            sight.add(seen["box"][3 * number : 3 * number + 3], self.tool)


def _put(arm: _Arm, goals: list[float], wall: float) -> None:
    """Puts each box at its goal, and once more what is not there, or not any more."""
    places = [goals[start : start + 3] for start in range(0, len(goals), 3)]
    waiting = list(range(len(places)))
    while waiting:
        box = waiting[0]
        if _grasp(arm, box, wall):
            _carry(arm, box, places[box], wall)
            arm.go(_tool_for(arm, box, places[box]), near=0.008, speed=0.02, steps=25)
            arm.squeeze(1.0)
        for sight in arm.sights:
            sight.begin(is_held=False)
        for _ in range(6):
            arm.step(arm.at)
        waiting = [
            number
            for number, place in enumerate(places)
            if dist(arm.sights[number].mean, place) > _THERE
        ]
        if waiting:
            arm.go([*arm.at[:2], arm.at[2] + 0.06], near=0.02)


def _hold(arm: _Arm, place: Point) -> None:
    """Brings the box to its goal in the air and keeps it there until time is up."""
    while True:
        if _grasp(arm, 0, 0.0):
            _carry(arm, 0, place, 0.0)
            while arm.holds(0):
                arm.settle(_tool_for(arm, 0, place))
        arm.opening = 1.0
        arm.sights[0].begin(is_held=False)


def _grasp(arm: _Arm, box: int, wall: float) -> bool:
    """Takes hold of a box from above; tells whether it is held."""
    half, sight = arm.halves[box], arm.sights[box]
    arm.opening, away = 1.0, 1.0
    while away > 0.012 or sight.count < _SIGHTS:
        x, y, _ = sight.mean
        yaw = _square(arm.yaws[box])
        top = 2 * half if away < 0.06 else max(2 * half, wall)
        arm.step([x, y, top + _ABOVE], yaw=yaw)
        away = dist(arm.tool[:2], [x, y])
    while dist(arm.tool, low := [*sight.mean[:2], max(sight.mean[2], _LOWEST)]) > 0.006:
        arm.step(low, yaw=yaw, speed=0.03)
    arm.squeeze(0.0)
    sight.begin(is_held=True)
    return arm.holds(box)


def _carry(arm: _Arm, box: int, place: Point, wall: float) -> None:
    """Brings the box above its goal: up, and across."""
    height = max(wall + arm.halves[box] + 0.05, place[2] + 0.04, 0.09)
    arm.go([*arm.at[:2], height])
    arm.go([*_tool_for(arm, box, place)[:2], height])


def _tool_for(arm: _Arm, box: int, place: Point) -> Point:
    """Returns where the tool must be, so that the box it holds is at a place."""
    return [a - b for a, b in zip(place, arm.sights[box].mean, strict=True)]


def _press(arm: _Arm, top: Point) -> None:
    """Presses the button from above and stays until time is up."""
    x, y, z = top
    arm.opening = 0.0
    arm.go([x, y, z + 0.06], near=0.02)
    while True:
        arm.step([x, y, z - 0.03])


def _push(arm: _Arm, place: Point) -> None:
    """Pushes the box from behind, along one of its sides and then along the other.

    Flat against its side it neither turns nor slips; where it ends is where the fingers end.
    """
    half, sight = arm.halves[0], arm.sights[0]
    # Above the table, and the palm above the box.
    low, high = max(_LOWEST, 2 * half - 0.045), 2 * half + 0.03
    behind = half + _SHUT + _GAP
    while True:
        while sight.count < _SIGHTS:
            arm.step([*arm.at[:2], high])
        yaw = _square(arm.yaws[0])
        ahead = _side(sight.mean, place, yaw, behind)
        if ahead is None:
            return
        away = 1.0
        while away > 0.006:
            start = [a - behind * b for a, b in zip(sight.mean, ahead, strict=False)]
            arm.step([*start, high], yaw=yaw)
            away = dist(arm.tool[:2], start)
        arm.go([*start, low], near=0.01)
        x, y, _ = sight.mean
        way = (place[0] - x) * ahead[0] + (place[1] - y) * ahead[1] - half - _SHUT
        _shove(arm, [x + way * ahead[0], y + way * ahead[1], low])
        back = [a - 0.03 * b for a, b in zip(arm.tool, ahead, strict=False)]
        for _ in range(arm.late + 2):
            arm.step([*back, low])
        arm.go([*back, high])
        sight.begin(is_held=False)


class _Side(NamedTuple):
    """A way along a side of the box."""

    length_m: float
    ahead: tuple[float, float]


def _side(box: Point, place: Point, yaw: float, behind: float) -> tuple[float, float] | None:
    """Returns the way along a side of the box that is to be pushed now; None where it is there."""
    sides = []
    for x, y in ((cos(yaw), sin(yaw)), (-sin(yaw), cos(yaw))):
        along = (place[0] - box[0]) * x + (place[1] - box[1]) * y
        sides.append(_Side(abs(along), (x, y) if along > 0 else (-x, -y)))
    short, long = sorted(sides)
    if long.length_m < _PUSHED:
        return None
    # Where the fingers would be for the second push: too far for the arm, it comes first.
    x, y = (
        a + long.length_m * b - behind * c
        for a, b, c in zip(box, long.ahead, short.ahead, strict=False)
    )
    is_far = x > 0.68 or hypot(x, y) > 0.72
    return short.ahead if is_far and short.length_m > 0.003 else long.ahead


def _shove(arm: _Arm, end: Point) -> None:
    """Moves to a point and comes slowly to rest there, so that what is pushed does not slide on.

    What resists bends the arm downwards, and fingers that press a box down are stuck: the set-point
    is raised by as much, and it waits where the arm is bent too far.
    """
    still, speed, patience = 0, 0.004, 0.0
    for _ in range(_SHOVE_STEPS):
        x, y, _ = arm.tool
        # From the shoulder's height, what bends the arm back by so much lowers it by the more, the
        # further it is out.
        bent = 3.0 * (x * arm.strain[0] + y * arm.strain[1])
        away = dist(arm.at[:2], end[:2])
        speed = min(speed + 0.0015, _PUSH_SPEED, 0.002 + 0.1 * away)
        is_stuck = hypot(arm.strain[0], arm.strain[1]) > _BENT
        if is_stuck:
            speed = 0.001
        patience = min(max(patience + (0.001 if is_stuck else -0.0005), 0.0), 0.03)
        moved = arm.step(end, speed=speed, lift=min(max(bent, 0.0), 0.04) + patience)
        still = still + 1 if moved < 0.0015 and arm.at == end else 0
        if still > arm.late + (1 if dist(arm.tool[:2], end[:2]) < 0.008 else 4):
            return


def _square(yaw: float) -> float:
    """Returns the turn of a cube that is nearest to none: it looks the same every quarter."""
    return (yaw + pi / 4) % (pi / 2) - pi / 4


def _within(value: float, most: float) -> float:
    return min(max(value, -most), most)
