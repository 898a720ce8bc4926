"""Balances a pole on a cart by where it leans: a first hour's rule."""

# How much each number of the observation pushes to the right: place, speed, lean, turn.
WEIGHTS = (0.0, 0.0, 1.0, 0.0)
LEFT, RIGHT = 0, 1


def solve(goal, tools):
    seen = tools.watch()
    is_over = False
    while not is_over:
        pull = sum(weight * number for weight, number in zip(WEIGHTS, seen))
        seen, _, terminated, truncated = tools.step(RIGHT if pull > 0 else LEFT)
        is_over = terminated or truncated
