"""Weights of what speaks for a document, learned from training queries, most of them as if unseen.

What speaks for it: the cosine of the query and of its best sentence, words by fields (as the target
`sentences` has them), the nearest training query that it answered, and whether there is any.

A ranker that remembers who answered what ranks tools down that nobody asked for yet. So each
training query is shown with all that was learned from other queries, and three times as if no
document of its groups' folds had ever been an answer. The weights of a softmax over candidates
(ListNet: Cao et al. 2007) that suit both are the prior's unless the data say otherwise.
"""

import zlib

import fields
import numpy as np
from meaning import best, sentences, text_of, unit

FEATURES = ("whole", "sentence", "words", "memory", "asked")
PRIOR = np.array([5.0, 5.0, 2.0, 0.0, 0.0])  # `sentences`, times ten
PULL = 0.02  # how strongly weights are held to the prior
CANDIDATES = 60
EXAMPLES = 1500  # training queries that weights are learned from, at most
FOLDS = 5
UNSEEN = 3  # so many times as much weighs a query as if its tools were unseen
STEPS, RATE = 300, 0.05


def folds_of(documents):
    """Returns the fold of each document; those of a group, or of a name, are in one."""
    names = [document["group"] or document["name"] for document in documents]
    if len(set(names)) < 4 * FOLDS:
        names = [document["id"] for document in documents]
    return np.array([zlib.crc32(name.encode()) % FOLDS for name in names])


class Evidence:
    """What speaks for each document, as the columns of `FEATURES`."""

    def __init__(self, documents, made):
        self.made, self.size = made, len(documents)

    def of(self, text, vector, parts, forget=None, itself=None):
        """Returns a row for each document.

        Args:
            text: The query.
            vector: Its vector.
            parts: Those of its sentences, where there are several.
            forget: Whether nothing is known of a document's answers, for each.
            itself: The training query that it is, which is not remembered.
        """
        made = self.made
        asked = unit(np.stack([vector, *parts]) - made["middle"])
        cosines = asked @ made["vectors"].T
        near = made["asked"] @ asked[0]
        known = np.ones(len(made["pair_query"]), dtype=bool)
        if itself is not None:
            known &= made["pair_query"] != itself
        if forget is not None:
            known &= ~forget[made["pair_place"]]
        memory = np.full(self.size, -1.0, dtype=np.float32)
        np.maximum.at(memory, made["pair_place"][known], near[made["pair_query"][known]])
        is_asked = memory > -1
        return np.stack(
            [
                cosines[0],
                cosines[1:].max(axis=0) if len(parts) else cosines[0],
                fields.scores(made, text, self.size),
                np.where(is_asked, memory, 0),
                is_asked,
            ],
            axis=1,
        )


def prepare(documents, training):
    vectors = documents.embed([text_of(document) for document in documents])
    asked = np.stack([query.vector for query in training])
    place_of = {document["id"]: place for place, document in enumerate(documents)}
    pairs = [(n, place_of[gold]) for n, query in enumerate(training) for gold in query.gold]
    made = {
        "vectors": unit(vectors - vectors.mean(axis=0)),
        "middle": asked.mean(axis=0),
        "asked": unit(asked - asked.mean(axis=0)),
        "pair_query": np.array([query for query, _ in pairs]),
        "pair_place": np.array([place for _, place in pairs]),
        **fields.index(documents, [query.text for query in training]),
    }
    made["weights"] = learned(documents, training, made)
    return made


def learned(documents, training, made):
    """Returns the weights."""
    evidence, golds = Evidence(documents, made), [[] for _ in training]
    for query, place in zip(made["pair_query"], made["pair_place"], strict=True):
        golds[query].append(int(place))
    folds = folds_of(documents)
    chosen = sorted(range(len(training)), key=lambda n: zlib.crc32(training[n].id.encode()))
    cut = {n: sentences(training[n].text) for n in chosen[:EXAMPLES]}
    flat = [part for parts in cut.values() for part in parts]
    vectors = iter(documents.embed(flat) if flat else [])
    rows, labels = [], []
    for n, parts in cut.items():
        query, told = training[n], [next(vectors) for _ in parts]
        unseen = np.isin(folds, folds[golds[n]])
        for forget in (None, *[unseen] * UNSEEN):
            found = evidence.of(query.text, query.vector, told, forget, n)
            places = best(found @ PRIOR, CANDIDATES)
            is_gold = np.isin(places, golds[n])
            if not is_gold.any():
                continue
            rows.append(np.zeros((CANDIDATES, len(FEATURES)), dtype=np.float32))
            labels.append(np.full(CANDIDATES, -1.0, dtype=np.float32))
            rows[-1][: len(places)] = found[places]
            labels[-1][: len(places)] = is_gold
    return fitted(np.stack(rows), np.stack(labels)) if rows else PRIOR


def fitted(rows, labels):
    """Returns weights by gradient descent with Adam (Kingma and Ba 2015).

    Args:
        rows: Features by example and candidate.
        labels: 1 of an answer, 0 of none, -1 where there is no candidate.
    """
    is_there = labels >= 0
    wanted = (labels > 0) / (labels > 0).sum(axis=1, keepdims=True)
    spread = rows[is_there].std(axis=0) + 1e-6
    weights, mean, square = PRIOR * spread, np.zeros(len(PRIOR)), np.zeros(len(PRIOR))
    prior, scaled = weights.copy(), rows / spread
    for step in range(1, STEPS + 1):
        scores = np.where(is_there, scaled @ weights, -np.inf)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = np.einsum("nc,ncf->f", chances - wanted, scaled) / len(rows)
        slope += PULL * (weights - prior)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (
            np.sqrt(square / (1 - 0.999**step)) + 1e-8
        )
    return weights / spread


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.embed, self.weights = documents.embed, prepared["weights"]
        self.evidence = Evidence(documents, prepared)

    def rank(self, query, k):
        parts = sentences(query.text)
        told = self.embed(parts) if parts else []
        scores = self.evidence.of(query.text, query.vector, told) @ self.weights
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in best(scores, k)]
