"""What a query is about: its type, and the words to look for, by kind."""

import re

WORD = re.compile(r"[A-Za-z']+")

STOP_WORDS = {
    "a", "an", "and", "any", "are", "at", "be", "can", "do", "does", "for", "from", "have", "i",
    "in", "is", "it", "my", "not", "of", "on", "or", "our", "out", "should", "some", "that", "the",
    "there", "this", "to", "us", "we", "what", "where", "with", "would", "you",
}


class Extractor:
    """Knows the tags that places have, which tell activities from other words."""

    def __init__(self, documents):
        tags = {tag for document in documents for tag in document.get("tags", [])}
        self.activities = {word for tag in tags for word in tag.split()}

    def extract(self, text):
        """Returns the type of a query (location, activity, general) and its words of each kind."""
        location, activity, general = [], [], []
        for place, word in enumerate(WORD.findall(text)):
            low = word.lower()
            # Not the first word: every sentence begins with a capital.
            if place and word[0].isupper() and low not in STOP_WORDS:
                location.append(low)
            elif low in self.activities:
                activity.append(low)
            elif low not in STOP_WORDS:
                general.append(low)
        kind = "location" if location else "activity" if activity else "general"
        return {"type": kind, "location": location, "activity": activity, "general": general}
