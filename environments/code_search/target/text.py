"""What text and code are cut into."""

import re

LEAST_SIGNS = 2


def words(text):
    """Returns the words of a text or of code, in lower case."""
    found = re.findall(r"\w+", text.lower())
    return [word for word in found if len(word) >= LEAST_SIGNS]
