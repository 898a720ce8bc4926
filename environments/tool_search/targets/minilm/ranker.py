"""The action that is nearest in meaning, by the cosine of two vectors."""

import numpy as np


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.vectors = documents.vectors

    def rank(self, query, k):
        scores = self.vectors @ query.vector
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
