"""Which function is meant: near in meaning by its code and by its name, sharing rare words.

Functions that are near to everything are held back by as much as they are near to the training
queries (after Conneau et al. 2018). How much names and words count is chosen on those, too.
"""

from collections import Counter

import numpy as np
from text import parts, words

K1 = 2.5  # how soon further repeats of a word say little
B = 0.95  # how much a long function is held against it
NAME_REPEATS = 4  # a word of the name counts as if it stood there so much more often
HUBNESS = 0.6  # of a function's nearness to the queries nearest to it, taken off
NEIGHBOURS = 10
NAME_WEIGHTS = (0.0, 0.1, 0.2, 0.3)
WORD_WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
TRIED = 400  # training queries on which weights are chosen


def searched(document):
    """Returns what is searched of a function."""
    name = f"{document['name']} " * NAME_REPEATS
    return f"{name}{document['group']} {document['text']}"


def prepare(documents, training):
    made = index([Counter(words(searched(document))) for document in documents])
    if documents.vectors is None:
        return made
    named = [" ".join(parts(f"{each['group']}: {each['name']}")) for each in documents]
    made["names"] = documents.embed([name or "nothing" for name in named])
    asked = np.array([query.vector for query in training])
    made["hubs"] = hubs(documents.vectors, asked)
    made["name_hubs"] = hubs(made["names"], asked)
    made["weights"] = chosen(Ranker(documents, made), training[:TRIED])
    return made


def index(counts):
    """Returns BM25 of each word in each function (Robertson and Zaragoza 2009), word by word."""
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


def hubs(vectors, asked):
    """Returns how near each function is to the queries that are nearest to it."""
    near = vectors @ asked.T
    return np.partition(near, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:].mean(axis=1)


def chosen(ranker, training):
    """Returns the weights with the highest mean reciprocal rank."""
    place_of = {name: place for place, name in enumerate(ranker.ids)}
    gains = dict.fromkeys(((n, w) for n in NAME_WEIGHTS for w in WORD_WEIGHTS), 0.0)
    for query in training:
        gold = [place_of[name] for name in query.gold]
        code, name, word = ranker.signals(query)
        for names, by_words in gains:
            total = fused(code, name, word, {"names": names, "words": by_words})
            gains[names, by_words] += 1 / (1 + int((total > total[gold].max()).sum()))
    names, by_words = max(gains, key=gains.get)
    return {"names": names, "words": by_words}


def standardised(scores):
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def fused(code, name, word, weights):
    near = (1 - weights["names"]) * code + weights["names"] * name
    return (1 - weights["words"]) * standardised(near) + weights["words"] * word


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.vectors = documents.vectors
        self.made = prepared

    def by_words(self, text):
        numbers, starts = self.made["numbers"], self.made["starts"]
        total = np.zeros(len(self.ids))
        for word in set(words(text)):
            if word in numbers:
                start, end = starts[numbers[word] :][:2]
                total[self.made["places"][start:end]] += self.made["scores"][start:end]
        return standardised(total)

    def signals(self, query):
        """Returns how near each function is by its code, by its name, and by its words."""
        code = self.vectors @ query.vector - HUBNESS * self.made["hubs"]
        name = self.made["names"] @ query.vector - HUBNESS * self.made["name_hubs"]
        return code, name, self.by_words(query.text)

    def rank(self, query, k):
        if self.vectors is None:
            total = self.by_words(query.text)
        else:
            total = fused(*self.signals(query), self.made["weights"])
        return [self.ids[place] for place in np.argsort(-total, kind="stable")[:k]]
