"""What a match is worth."""

# Words that the visitor asked for.
ASKED = 1.0

# Words that the model added.
ADDED = 1.0


def score(asked, added):
    total = ASKED * asked
    return total + ADDED * added
