"""Turns three knobs to where someone first thought they belong."""

KNOBS = (0.6, 0.3, 0.5)


def solve(goal, tools):
    for knob, value in enumerate(KNOBS):
        tools.turn(knob, value)
    return "done"
