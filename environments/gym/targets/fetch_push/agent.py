"""Pushes a box to a goal: behind it as seen from the goal, along the line, and off before it is there."""

import math

GAIN = 30.0  # of full speed, for each metre that is left
BACK = 0.053  # metres behind the middle of the box from which it is pushed
SIDE = 0.026  # metres beside the line at which pushing turns the box too much
STEER = 2.25  # how hard the hand comes back to the line
LOW, CLEAR = 0.024, 0.059  # metres above the middle of the box: to push, to pass over it
PASSING, BEFORE = 0.085, 0.93  # where the box is in the way: metres beside, share of BACK
CLOSE, SLOPE = 0.067, 0.67  # the way down behind the box
AHEAD = 0.26  # steps that the hand goes on by itself
SLIDE = 29.0  # metres that the box slides on, for its speed squared
THERE = 0.043  # metres from the goal at which the box may rest

BOX, WANTED, HAND = slice(0, 3), slice(3, 6), slice(6, 9)
BOX_SPEED, SPEED = slice(20, 23), slice(26, 29)


def push(seen):
    """Returns where to go, as a way from the hand."""
    box, hand, speed = seen[BOX], seen[HAND], seen[SPEED]
    sliding = [b + h for b, h in zip(seen[BOX_SPEED][:2], speed)]
    slides = SLIDE * math.hypot(*sliding)
    left = [w - b - slides * s for w, b, s in zip(seen[WANTED][:2], box, sliding)]
    distance = math.hypot(*left)
    if distance < THERE:
        return [0.0, 0.0, 0.0]
    line = [number / distance for number in left]
    rel = [h - b + AHEAD * (v - s) for h, b, v, s in zip(hand[:2], box, speed, sliding)]
    along = rel[0] * line[0] + rel[1] * line[1]
    beside = rel[1] * line[0] - rel[0] * line[1]
    if along < 0 and abs(beside) < SIDE and hand[2] < box[2] + 0.05:
        x = 0.05 * line[0] + STEER * beside * line[1]
        y = 0.05 * line[1] - STEER * beside * line[0]
        return [x, y, box[2] + LOW - hand[2]]
    way = [b - BACK * n - h for b, n, h in zip(box[:2], line, hand)]
    height = LOW
    if along > -BACK * BEFORE and abs(beside) < PASSING:
        height = CLEAR
    elif max(map(abs, rel)) < CLOSE:
        off = max(abs(w - AHEAD * v) for w, v in zip(way, speed))
        height = max(LOW, min(CLEAR, SLOPE * (off - 0.02)))
    return [*way, box[2] + height - hand[2]]


def solve(goal, tools):
    seen, is_over = tools.watch(), False
    while not is_over:
        action = [max(-1.0, min(1.0, GAIN * way)) for way in push(seen)]
        seen, _, terminated, truncated = tools.step([*action, 0.0])
        is_over = terminated or truncated
