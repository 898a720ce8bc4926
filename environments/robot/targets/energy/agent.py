"""A controller that puts the box where it belongs every time, and pays for it in energy.

Up, across and down by waypoints; each is reached at full speed and waited at. Nothing here is
wrong: it was only never asked what a move costs.
"""

from settings import ARRIVED, CLEARANCE, GRIP_STEPS, HOVER, OPEN_STEPS, SPEED, STILL

FIELDS = ["tool"]


def approach(at, point, speed):
    """Moves a set-point towards a point, by so much at most."""
    way = sum((b - a) ** 2 for a, b in zip(at, point, strict=True)) ** 0.5
    share = 1.0 if way <= speed else speed / way
    return [a + share * (b - a) for a, b in zip(at, point, strict=True)]


def go(tools, at, point, yaw, grip):
    """Brings the tool to rest at a point; returns the set-point."""
    still = 0
    for _ in range(40):
        at = approach(at, point, SPEED)
        tool = tools.step(to=at, yaw=yaw, grip=grip, fields=FIELDS)["tool"]
        near = max(abs(a - b) for a, b in zip(tool, point, strict=True)) < ARRIVED
        still = still + 1 if near else 0
        if still >= STILL:
            break
    return at


def over(point, height):
    return [point[0], point[1], point[2] + height]


def carry(goal, tools):
    """Takes the box, brings it to its goal and lets it go."""
    place, wall = goal.inputs["goal"], goal.inputs.get("wall")
    seen = tools.observe(fields=["tool", "box", "box_yaw"])
    at, box, yaw = seen["tool"], seen["box"], seen["box_yaw"][0]
    high = max(place[2] + HOVER, wall["height"] + CLEARANCE if wall else 0.0)
    at = go(tools, at, [box[0], box[1], high], yaw, 1.0)
    at = go(tools, at, over(box, HOVER), yaw, 1.0)
    at = go(tools, at, box, yaw, 1.0)
    for _ in range(GRIP_STEPS):
        tools.step(grip=0.0, fields=FIELDS)
    at = go(tools, at, [box[0], box[1], high], yaw, 0.0)
    at = go(tools, at, [place[0], place[1], high], yaw, 0.0)
    at = go(tools, at, place, yaw, 0.0)
    for _ in range(OPEN_STEPS):
        tools.step(grip=1.0, fields=FIELDS)
    go(tools, at, over(place, HOVER), yaw, 1.0)


def solve(goal, tools):
    try:
        carry(goal, tools)
    except tools.Error as error:
        if error.kind != "time_is_up":
            raise
