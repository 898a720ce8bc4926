"""Sends the last lines of the diary to the language model and answers what it says."""

LINES = 40


def solve(goal, tools):
    told = goal.inputs["diary"][-LINES:]
    prompt = "\n".join(["Read the diary and answer with one word.", *told, goal.instruction])
    return tools.model(prompt)
