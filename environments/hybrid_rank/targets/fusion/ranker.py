"""Adds 0.7 of the standardised similarity and 0.3 of the standardised BM25, over the nearest hundred."""

import re
from collections import Counter
from math import log

import numpy as np

WORD = re.compile(r"[a-z']+")
POOL = 100
K1, B = 1.5, 0.75
SIMILARITY, WORDS = 0.7, 0.3


class Ranker:
    def __init__(self, documents, prepared):
        self.counts = {one["id"]: Counter(words(one)) for one in documents}
        self.holders = Counter(word for counts in self.counts.values() for word in counts)
        lengths = {name: sum(counts.values()) for name, counts in self.counts.items()}
        mean = sum(lengths.values()) / max(1, len(lengths))
        self.norms = {name: K1 * (1 - B + B * length / mean) for name, length in lengths.items()}

    def rank(self, query, k):
        ids = [name for name, _ in query.candidates[:POOL]]
        near = standardised([near for _, near in query.candidates[:POOL]])
        said = standardised([self.score(query.text, name) for name in ids])
        order = np.argsort(-(SIMILARITY * near + WORDS * said), kind="stable")
        return [ids[place] for place in order[:k]]

    def score(self, text, name):
        counts, norm = self.counts[name], self.norms[name]
        found = (word for word in set(WORD.findall(text.lower())) if word in counts)
        return sum(self.rarity(w) * counts[w] * (K1 + 1) / (counts[w] + norm) for w in found)

    def rarity(self, word):
        holders = self.holders[word]
        return log(1 + (len(self.counts) - holders + 0.5) / (holders + 0.5))


def standardised(values):
    values = np.array(values)
    return (values - values.mean()) / (values.std() or 1.0)


def words(document):
    tags = " ".join(document.get("tags", []))
    return WORD.findall(f"{document['name']} {document['text']} {tags}".lower())
