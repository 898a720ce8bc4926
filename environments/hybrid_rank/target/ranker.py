"""Scores candidates: similarity, raised by how well the words of the query stand in them."""

import re
from collections import Counter
from math import log1p

import numpy as np

WORD = re.compile(r"[a-z']+")

# Candidates that are looked at, the nearest first; there are more.
POOL = 100

# What a standard deviation more of words is worth, by kind.
BASE_WEIGHTS = {"location": 0.10, "activity": 0.08, "general": 0.05}

# Words of the kind that the query is about count so many times as much.
OWN_KIND = 1.5

# A word that comes again counts less each time.
DAMPING = 0.5

# A tag is worth so many mentions in the text.
TAG_MENTIONS = 2

# Standard deviations beyond which a candidate is no better or worse.
CLIP = 2.5

# Share of its weight that a kind loses where it says the same as another.
SHRINKAGE = 0.6

KINDS = ("location", "activity", "general")


class Ranker:
    """Re-ranks the candidates of one query after another."""

    def __init__(self, documents, prepared):
        self.documents = {document["id"]: document for document in documents}
        self.counted = {}

    def rank(self, query, k):
        """Returns the ids of the best k candidates, best first.

        A query has `metadata` (see metadata.py) and `candidates`, pairs of an id and its
        similarity, the nearest first.
        """
        candidates = query.candidates[:POOL]
        ids = [name for name, _ in candidates]
        similarity = np.array([near for _, near in candidates])
        scores = similarity * (1 + self.keyword_boost(query.metadata, ids))
        return [ids[place] for place in np.argsort(-scores, kind="stable")[:k]]

    def keyword_boost(self, metadata, ids):
        """Returns by how much each candidate is raised for the words that it holds."""
        signals = {kind: self.signal(metadata[kind], ids) for kind in KINDS}
        weights = self.weights(metadata["type"], signals)
        return sum(weights[kind] * signals[kind] for kind in KINDS)

    def signal(self, words, ids):
        """Returns how much of some words each candidate holds, in standard deviations."""
        raw = np.array([sum(self.worth(word, name) for word in words) for name in ids])
        spread = raw.std() if raw.size else 0.0
        if spread == 0:
            return np.zeros(len(ids))
        return np.clip((raw - raw.mean()) / spread, -CLIP, CLIP)

    def worth(self, word, name):
        """Returns what a word in a document is worth: more where it comes again, but damped."""
        count = self.mentions(name)[word]
        return 1 + log1p(count) * DAMPING if count else 0.0

    def mentions(self, name):
        """Returns how often each word stands in a document; tags count more than once."""
        if name not in self.counted:
            document = self.documents[name]
            counts = Counter(WORD.findall(document["text"].lower()))
            for tag in document.get("tags", []):
                for word in tag.split():
                    counts[word] += TAG_MENTIONS
            self.counted[name] = counts
        return self.counted[name]

    def weights(self, kind_of_query, signals):
        """Returns the weight of each kind; what two kinds say alike is not counted twice."""
        weights = dict(BASE_WEIGHTS)
        weights[kind_of_query] *= OWN_KIND
        for place, kind in enumerate(KINDS):
            for other in KINDS[:place]:
                weights[kind] *= 1 - SHRINKAGE * alike(signals[kind], signals[other])
        return weights


def alike(one, other):
    """Returns the correlation of two signals where it is positive, else 0."""
    if not one.any() or not other.any():
        return 0.0
    return max(0.0, float(np.corrcoef(one, other)[0, 1]))
