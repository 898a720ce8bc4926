"""An action is a route: the middle of several texts that lead to it, the nearest route is taken.

The method of Semantic Router (Aurelio AI 2024), with an action's documentation as its utterances.
"""

import numpy as np


def utterances(document):
    """Returns what leads to an action."""
    name = document["name"].replace("_", " ").replace(".", " ")
    connector = document.get("connector") or document["group"]
    return [document["text"] or name, name, f"{name} in {connector}"]


def prepare(documents, training):
    said = [utterances(document) for document in documents]
    vectors = documents.embed([text for texts in said for text in texts])
    middles = vectors.reshape(len(said), -1, vectors.shape[1]).mean(axis=1)
    return {"routes": middles / np.linalg.norm(middles, axis=1, keepdims=True)}


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.routes = prepared["routes"]

    def rank(self, query, k):
        scores = self.routes @ query.vector
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
