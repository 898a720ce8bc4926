"""Turns five knobs, and comes nowhere near."""

HEAT = 0.5

FLOW = 2.0

WEIGHT = 10.0

DELAY = 0.2

LEVEL = 1.0

KNOBS = [HEAT, FLOW, WEIGHT, DELAY, LEVEL]


def solve(goal, tools):
    for knob, value in enumerate(KNOBS):
        tools.turn(knob, value)
    return "done"
