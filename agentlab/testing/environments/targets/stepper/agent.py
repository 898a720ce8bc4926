"""Pushes towards the goal, the harder the farther it is."""

GAIN = 2.0
DAMPING = 0.5
STRONGEST = 10.0


def solve(goal, tools):
    target = goal.inputs["goal"]
    state = tools.look()
    for _ in range(goal.inputs["steps"]):
        x, y, vx, vy = state
        state = tools.push(force(target[0], x, vx), force(target[1], y, vy))


def force(goal, position, speed):
    wanted = GAIN * (goal - position) - DAMPING * speed
    return max(-STRONGEST, min(STRONGEST, wanted))
