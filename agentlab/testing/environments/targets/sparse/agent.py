"""Turns twelve knobs, of which nobody knows which do anything."""

FIRST = 0.5

SECOND = 8.0

THIRD = 0.3

FOURTH = 1.5

FIFTH = 20.0

SIXTH = 0.05

SEVENTH = 3.0

EIGHTH = 0.9

NINTH = 12.0

TENTH = 0.25

ELEVENTH = 6.0

TWELFTH = 1.0

KNOBS = [
    FIRST,
    SECOND,
    THIRD,
    FOURTH,
    FIFTH,
    SIXTH,
    SEVENTH,
    EIGHTH,
    NINTH,
    TENTH,
    ELEVENTH,
    TWELFTH,
]


def solve(goal, tools):
    for knob, value in enumerate(KNOBS):
        tools.turn(knob, value)
    return "done"
