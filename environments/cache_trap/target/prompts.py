"""What the model is asked to read in a visitor's words."""

FIELDS = ("place", "activity", "season")
PROMPT = "Name the " + ", the ".join(FIELDS) + " that the visitor asks for."
