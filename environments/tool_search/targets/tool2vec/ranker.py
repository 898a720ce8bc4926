"""An action is the mean of the queries that ask for it; its description, where none is known.

The method of Tool2Vec (Moon et al. 2024), with training queries in place of those that a model
would make up.
"""

import numpy as np


def prepare(documents, training):
    place_of = {document["id"]: place for place, document in enumerate(documents)}
    sums = np.zeros(documents.vectors.shape, dtype=np.float32)
    for query in training:
        for answer in query.gold:
            sums[place_of[answer]] += query.vector
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return {"tools": np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), documents.vectors)}


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.tools = prepared["tools"]

    def rank(self, query, k):
        scores = self.tools @ query.vector
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
