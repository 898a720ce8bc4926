"""Balances a pole on a cart by pushing towards where it leans: a first hour's rule."""

ANGLE = 1
GAIN = 10.0
FORCE_MAX = 3.0


def solve(goal, tools):
    seen = tools.watch()
    is_over = False
    while not is_over:
        force = GAIN * seen[ANGLE]
        seen, _, terminated, truncated = tools.step([max(-FORCE_MAX, min(FORCE_MAX, force))])
        is_over = terminated or truncated
