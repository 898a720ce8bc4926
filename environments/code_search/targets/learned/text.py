"""What text and code are cut into: the parts of identifiers, and of each its stem."""

import re

LEAST_SIGNS = 2
LEAST_STEM = 3
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "er", "s", "e")
LEFT_OUT = frozenset(
    "a an and are as at be by can def for from if in is it its not of on or python return returns "
    "self that the this to when which will with".split()
)


def parts(text):
    """Returns the words that names are made of: `readLines_of` has three."""
    return [part.lower() for part in PART.findall(text) if len(part) >= LEAST_SIGNS]


def stem(word):
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return word[: -len(ending)]
    return word


def words(text):
    """Returns what a text or code is about."""
    return [stem(part) for part in parts(text) if part not in LEFT_OUT]
