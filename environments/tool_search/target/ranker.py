"""Which action is meant: the nearest in meaning, where the words of its name count once more."""

import re

import numpy as np

NAME_WEIGHT = 0.1  # what it is worth that all words of an action's name are said
CONNECTOR_WEIGHT = 0.2  # the same for its connector's name
LEFT_OUT = {"a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "with"}


def words(text):
    """Returns the words of a text; those of names like list_users apart."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return {word for word in found if word not in LEFT_OUT}


def share(said, name):
    """Returns which share of a name's words is said."""
    return len(said & name) / len(name) if name else 0.0


def prepare(documents, training):
    """Returns what is made once, of the documents and of queries with their answers."""
    return {}


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.vectors = documents.vectors
        self.names = [words(document["name"]) for document in documents]
        titles = [document.get("connector") or document["group"] for document in documents]
        self.connectors = [words(title) for title in titles]

    def rank(self, query, k):
        said = words(query.text)
        scores = self.vectors @ query.vector
        scores = scores + NAME_WEIGHT * self.named(said)
        scores = scores + CONNECTOR_WEIGHT * self.connected(said)
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]

    def named(self, said):
        return np.array([share(said, name) for name in self.names])

    def connected(self, said):
        return np.array([share(said, name) for name in self.connectors])
