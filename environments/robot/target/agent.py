"""A pick-and-place controller: over the box, down, close, carry, open."""

GAIN = 0.3          # share of the remaining way that is asked for in one step
HOVER = 0.05        # metres above the box before going down
ALIGNED = 0.05      # metres beside the box at which going down begins
DOWN = 0.02         # metres above the box's centre at which the gripper closes
GRIP_STEPS = 1      # steps that closing takes
ARRIVED = 0.05      # metres from the goal at which the gripper opens
DROP = 0.03         # metres above the goal at which the box is let go
FIELDS = ["tool", "box"]


def toward(tool, point):
    return [GAIN * (there - here) for here, there in zip(tool, point)]


def flat_distance(a, b):
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def above(point, height):
    return [point[0], point[1], point[2] + height]


def solve(goal, tools):
    place = goal.inputs["goal"]
    seen = tools.observe(fields=FIELDS)
    phase, closed = "hover", 0
    for _ in range(goal.inputs["steps"]):
        tool, box = seen["tool"], seen["box"]
        if phase == "hover":
            move, grip = toward(tool, above(box, HOVER)), 1
            if flat_distance(tool, box) < ALIGNED:
                phase = "down"
        elif phase == "down":
            move, grip = toward(tool, above(box, 0)), 1
            if tool[2] - box[2] < DOWN:
                phase = "close"
        elif phase == "close":
            move, grip = [0, 0, 0], 0
            closed += 1
            if closed >= GRIP_STEPS:
                phase = "carry"
        elif phase == "carry":
            target = above(place, DROP)
            move, grip = toward(tool, target), 0
            if flat_distance(tool, target) < ARRIVED:
                phase = "open"
        else:
            move, grip = [0, 0, 0], 1
        seen = tools.step(move=move, grip=grip, fields=FIELDS)
