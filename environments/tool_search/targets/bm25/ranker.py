"""The words that query and action share, the rare ones above all; no embeddings."""

import bm25
import numpy as np

NAME_TIMES = 1  # so often the name stands in the text that is searched
CONNECTOR_TIMES = 1


def text_of(document):
    """Returns what is searched of an action."""
    connector = document.get("connector") or document["group"]
    arguments = [f"{name} {about}" for name, about in document["params"].items()]
    parts = [connector] * CONNECTOR_TIMES + [document["name"]] * NAME_TIMES
    return " ".join([*parts, document["text"], *arguments])


def prepare(documents, training):
    return bm25.index([text_of(document) for document in documents])


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.made = prepared

    def rank(self, query, k):
        scores = bm25.scores(self.made, query.text, len(self.ids))
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
