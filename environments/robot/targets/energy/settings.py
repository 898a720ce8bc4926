"""How the controller moves: plausible numbers, none of them looked at for what they cost."""

SPEED = 0.05  # metres by which the set-point moves in a step
HOVER = 0.14  # metres above the box before going down, and after putting it down
CLEARANCE = 0.12  # metres between the wall's top and the tool that carries
ARRIVED = 0.008  # metres from a waypoint at which it is reached
STILL = 4  # steps that the tool stays there before it goes on
GRIP_STEPS = 10  # steps that closing takes
OPEN_STEPS = 8  # steps that opening takes
