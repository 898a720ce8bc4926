"""A controller that is taught: heights and timing come from a few demonstrations.

`prepare` looks at what the expert did and fits, by ridge regression, how high it carried and how
near it gripped and let go, from what is known of a task beforehand. Without demonstrations the
guesses below are used.
"""

import json

DEMONSTRATIONS = 8  # so many are looked at, of those that there are
RIDGE = 1e-4  # how much a slope costs; metres squared
SPEED = 0.04  # metres by which the set-point moves in a step
ARRIVED = 0.01  # metres from a point at which it is reached
STILL = 2  # steps that the tool stays there before it goes on
GUESSES = {  # value where nothing is known, then its slopes by wall height and half size
    "hover": [0.05, 0.0, 0.0],  # metres above the box before going down
    "grasp": [0.02, 0.0, 0.0],  # metres above the box's middle where the gripper closes
    "carry": [0.10, 0.0, 0.0],  # metres above the table
    "release": [0.03, 0.0, 0.0],  # metres above the goal where the gripper opens
    "grip_steps": [2.0, 0.0, 0.0],  # steps that closing takes
}


def features(inputs):
    wall = inputs.get("wall") or {"height": 0.0}
    return [1.0, wall["height"], inputs["half_sizes"][0]]


def lesson(shown):
    """Returns what one demonstration says of each number; None where it grips nothing."""
    steps, place = shown["steps"], shown["inputs"]["goal"]
    shut = [number for number, step in enumerate(steps) if step["told"]["grip"] == 0]
    if not shut:
        return None
    first, last = shut[0], shut[-1]
    at, box = steps[first]["seen"]["tool"], steps[first]["seen"]["box"]
    rises = [n for n in shut if steps[n]["told"]["to"][2] > steps[first]["told"]["to"][2] + 0.01]
    above = [
        step["told"]["to"][2] - box[2]
        for step in steps[:first]
        if max(abs(a - b) for a, b in zip(step["seen"]["tool"][:2], box, strict=False)) < 0.02
    ]
    return {
        "hover": max(above, default=GUESSES["hover"][0]),
        "grasp": at[2] - box[2],
        "carry": max(steps[n]["told"]["to"][2] for n in shut),
        "release": steps[last]["seen"]["tool"][2] - place[2],
        "grip_steps": float(rises[0] - first if rises else len(shut)),
    }


def ridge(rows, values):
    """Returns weights by least squares; slopes cost, the constant does not."""
    size = len(rows[0])
    means = [sum(row[k] for row in rows) / len(rows) for k in range(1, size)]
    middle = sum(values) / len(values)
    flat = [[row[k + 1] - means[k] for k in range(size - 1)] for row in rows]
    table = [
        [sum(row[a] * row[b] for row in flat) + (RIDGE if a == b else 0.0) for b in range(size - 1)]
        + [sum(row[a] * (value - middle) for row, value in zip(flat, values, strict=True))]
        for a in range(size - 1)
    ]
    for k in range(size - 1):
        table[k] = [value / table[k][k] for value in table[k]]
        for other in range(size - 1):
            if other != k:
                table[other] = [
                    a - table[other][k] * b for a, b in zip(table[other], table[k], strict=True)
                ]
    slopes = [row[-1] for row in table]
    return [middle - sum(a * b for a, b in zip(slopes, means, strict=True)), *slopes]


def prepare(goal, tools):
    rows, lessons = [], []
    for number in range(min(DEMONSTRATIONS, goal.inputs["demonstrations"])):
        shown = tools.demonstration(number)
        told = lesson(shown)
        if told is not None:
            rows.append(features(shown["inputs"]))
            lessons.append(told)
    weights = dict(GUESSES)
    if lessons:
        weights = {name: ridge(rows, [told[name] for told in lessons]) for name in GUESSES}
    (tools.artefact / "weights.json").write_text(json.dumps(weights))


def learned(goal, tools):
    """Returns the numbers for this task."""
    weights = GUESSES
    if tools.artefact is not None:
        weights = json.loads((tools.artefact / "weights.json").read_text())
    known = features(goal.inputs)
    return {name: sum(a * b for a, b in zip(w, known, strict=True)) for name, w in weights.items()}


def go(tools, at, point, yaw, grip):
    """Brings the tool to rest at a point; returns the set-point."""
    still = 0
    for _ in range(30):
        way = sum((b - a) ** 2 for a, b in zip(at, point, strict=True)) ** 0.5
        share = 1.0 if way <= SPEED else SPEED / way
        at = [a + share * (b - a) for a, b in zip(at, point, strict=True)]
        tool = tools.step(to=at, yaw=yaw, grip=grip, fields=["tool"])["tool"]
        near = max(abs(a - b) for a, b in zip(tool, point, strict=True)) < ARRIVED
        still = still + 1 if near else 0
        if still >= STILL:
            break
    return at


def over(point, height):
    return [point[0], point[1], point[2] + height]


def solve(goal, tools):
    number, place = learned(goal, tools), goal.inputs["goal"]
    seen = tools.observe(fields=["tool", "box", "box_yaw"])
    at, box, yaw = seen["tool"], seen["box"], seen["box_yaw"][0]
    grip_steps = min(max(round(number["grip_steps"]), 1), 10)
    if goal.inputs.get("wall"):
        at = go(tools, at, [box[0], box[1], at[2]], yaw, 1.0)
    at = go(tools, at, over(box, number["hover"]), yaw, 1.0)
    at = go(tools, at, over(box, number["grasp"]), yaw, 1.0)
    tools.step(grip=0.0, repeat=grip_steps)
    at = go(tools, at, [at[0], at[1], number["carry"]], yaw, 0.0)
    at = go(tools, at, [place[0], place[1], number["carry"]], yaw, 0.0)
    at = go(tools, at, over(place, number["release"]), yaw, 0.0)
    tools.step(grip=1.0, repeat=grip_steps)
