"""Opens a door and hopes."""


def solve(goal, tools):
    return tools.open(0)
