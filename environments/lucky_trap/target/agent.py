"""Calls the same side every time."""

SIDE = "tails"


def solve(goal, tools):
    return SIDE
