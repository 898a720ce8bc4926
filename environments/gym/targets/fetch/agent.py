"""Picks a box up and brings it to a goal: hover, descend, close, lift, carry. A first hour's phases."""

GAIN = 10.0  # of full speed, for each metre that is left
HOVER = 0.1  # metres above the box
LIFT = 0.1  # metres above the place where it was gripped
NEAR = 0.01  # metres on each axis; as near is there
WAIT = 5  # steps until the fingers hold
OPEN, CLOSED = 1.0, -1.0

# Where things are in the observation: metres, and metres a step.
BOX, WANTED, HAND = slice(0, 3), slice(3, 6), slice(6, 9)
FINGERS, SPEED = slice(15, 17), slice(26, 29)


def above(point, height):
    return [point[0], point[1], point[2] + height]


def is_near(here, there):
    return all(abs(a - b) < NEAR for a, b in zip(here, there))


def towards(here, there):
    return [max(-1.0, min(1.0, GAIN * (b - a))) for a, b in zip(here, there)]


def solve(goal, tools):
    seen = tools.watch()
    phase, waited, gripped = "approach", 0, None
    is_over = False
    while not is_over:
        box, wanted, hand = seen[BOX], seen[WANTED], seen[HAND]
        fingers = OPEN
        if phase == "approach":
            point = above(box, HOVER)
            if is_near(hand, point):
                phase = "descend"
        elif phase == "descend":
            point = box
            if is_near(hand, point):
                phase, waited = "close", 0
        elif phase == "close":
            point, fingers = box, CLOSED
            waited, gripped = waited + 1, box
            if waited > WAIT:
                phase = "lift"
        elif phase == "lift":
            point, fingers = above(gripped, LIFT), CLOSED
            if is_near(hand, point):
                phase = "carry"
        else:
            point, fingers = wanted, CLOSED
        seen, _, terminated, truncated = tools.step([*towards(hand, point), fingers])
        is_over = terminated or truncated
