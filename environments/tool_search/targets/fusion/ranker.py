"""Meaning and words together: scores in standard deviations, weighted, added."""

import bm25
import numpy as np

MEANING, WORDS = 0.7, 0.3


def text_of(document):
    connector = document.get("connector") or document["group"]
    return f"{connector} {document['name']} {document['text']}"


def prepare(documents, training):
    return bm25.index([text_of(document) for document in documents])


def standardised(scores):
    return (scores - scores.mean()) / (scores.std() + 1e-9)


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.vectors, self.made = documents.vectors, prepared

    def rank(self, query, k):
        near = standardised(self.vectors @ query.vector)
        shared = standardised(bm25.scores(self.made, query.text, len(self.ids)))
        scores = MEANING * near + WORDS * shared
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
