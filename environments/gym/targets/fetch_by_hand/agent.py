"""Picks a box up and brings it to a goal without a stop: one swoop, the fingers closing on the way."""

GAIN = 24.0  # of full speed, for each metre that is left
SLOPE_X, SLOPE_Y = 0.45, 1.3  # the funnel that ends at the box; the fingers close along y
MARGIN_X, MARGIN_Y = 0.03, 0.022  # metres off the box at which it is as low as the box
HIGHEST = 0.08  # metres above the box, on the way
AHEAD, AHEAD_DOWN = 0.2, 0.6  # steps that the hand goes on by itself
SIDE_X, SIDE_Y, ABOVE = 0.04, 0.027, 0.044  # metres off the box at which the fingers begin to close
WIDTH = 0.03  # metres from the middle to a finger, while they are open
LOST = 0.06  # metres between hand and box from which it was not gripped
OPEN, STILL, CLOSED = 1.0, 0.0, -1.0

# Where things are in the observation: metres, and metres a step.
BOX, WANTED, HAND = slice(0, 3), slice(3, 6), slice(6, 9)
FINGERS, SPEED = slice(15, 17), slice(26, 29)


def clipped(number):
    return max(-1.0, min(1.0, number))


def solve(goal, tools):
    seen = tools.watch()
    is_closing = is_over = False
    while not is_over:
        hand, speed, box = seen[HAND], seen[SPEED], seen[BOX]
        off = [b - h for b, h in zip(box, hand)]
        if is_closing and max(map(abs, off)) > LOST:
            is_closing = False
        if is_closing:
            way, fingers = [w - b for w, b in zip(seen[WANTED], box)], CLOSED
        else:
            height = max(
                0.0, SLOPE_X * (abs(off[0]) - MARGIN_X), SLOPE_Y * (abs(off[1]) - MARGIN_Y)
            )
            way = [off[0], off[1], off[2] + min(HIGHEST, height)]
            is_closing = (
                abs(off[0] - AHEAD * speed[0]) < SIDE_X
                and abs(off[1] - AHEAD * speed[1]) < SIDE_Y
                and off[2] - AHEAD_DOWN * speed[2] > -ABOVE
            )
            is_narrow = sum(seen[FINGERS]) / 2 < WIDTH
            fingers = CLOSED if is_closing else OPEN if is_narrow else STILL
        seen, _, terminated, truncated = tools.step([*(clipped(GAIN * w) for w in way), fingers])
        is_over = terminated or truncated
