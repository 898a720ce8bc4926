"""Which function is meant: near in meaning by its vector, and sharing rare words (BM25)."""

from collections import Counter

import numpy as np
from text import words

K1 = 1.5  # how soon further repeats of a word say little
B = 0.75  # how much a long function is held against it
WORD_WEIGHT = 0.3  # of the words' scores; the rest is the vectors'


def searched(document):
    """Returns what is searched of a function."""
    return document["text"]


def prepare(documents, training):
    """Returns BM25 of each word in each function (Robertson and Zaragoza 2009), word by word."""
    counts = [Counter(words(searched(document))) for document in documents]
    lengths = np.array([sum(count.values()) for count in counts])
    room = 1 - B + B * lengths / lengths.mean()
    found = {}
    for place, count in enumerate(counts):
        for word, times in count.items():
            found.setdefault(word, []).append((place, times))
    numbers = {word: number for number, word in enumerate(found)}
    places = np.array([place for each in found.values() for place, _ in each])
    times = np.array([times for each in found.values() for _, times in each], dtype=float)
    holders = np.array([len(each) for each in found.values()])
    rarity = np.repeat(np.log(1 + (len(counts) - holders + 0.5) / (holders + 0.5)), holders)
    return {
        "numbers": numbers,
        "starts": np.concatenate(([0], np.cumsum(holders))),
        "places": places,
        "scores": (rarity * times * (K1 + 1) / (times + K1 * room[places])).astype(np.float32),
    }


def standardised(scores):
    return (scores - scores.mean()) / (scores.std() + 1e-9)


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.vectors = documents.vectors
        self.numbers, self.starts = prepared["numbers"], prepared["starts"]
        self.places, self.scores = prepared["places"], prepared["scores"]

    def by_words(self, text):
        total = np.zeros(len(self.ids))
        for word in set(words(text)):
            if word in self.numbers:
                start, end = self.starts[self.numbers[word] :][:2]
                total[self.places[start:end]] += self.scores[start:end]
        return total

    def rank(self, query, k):
        total = standardised(self.by_words(query.text))
        if self.vectors is not None:
            near = standardised(self.vectors @ query.vector)
            total = (1 - WORD_WEIGHT) * near + WORD_WEIGHT * total
        return [self.ids[place] for place in np.argsort(-total, kind="stable")[:k]]
