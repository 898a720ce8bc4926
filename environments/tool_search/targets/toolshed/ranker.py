"""Queries are expanded, each variant searched, what they find is joined and ranked again.

The method of Toolshed (Lumer et al. 2024): documents enriched beforehand, variants of the query,
and a re-ranker. `rerank` may be exchanged; this one needs no model.
"""

import re

import bm25
import numpy as np
from synonyms import expansion

POOL = 50  # candidates that are ranked again
CONSTANT = 60  # of reciprocal ranks


def enriched(document):
    """Returns a description with name, connector and arguments."""
    name = document["name"].replace("_", " ")
    connector = document.get("connector") or document["group"]
    arguments = ", ".join(argument.replace("_", " ") for argument in document["params"])
    return f"{connector}: {name}. {document['text']} Takes {arguments}."


def variants(text):
    """Returns the query, the query in the interface's words, and its parts."""
    added = expansion(text)
    parts = [part.strip() for part in re.split(r",|;|\band\b|\bso that\b| - ", text)]
    found = [text, f"{' '.join(added)} {text}" if added else text]
    return list(dict.fromkeys([*found, *(part for part in parts if len(part.split()) > 2)]))


def rerank(query, near, shared, pool):
    """Returns the pool, best first, by what all of the query says; higher scores are better."""
    scores = 0.7 * standardised(near[pool]) + 0.3 * standardised(shared[pool])
    return pool[np.argsort(-scores, kind="stable")]


def standardised(scores):
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def prepare(documents, training):
    texts = [enriched(document) for document in documents]
    return {**bm25.index(texts), "vectors": documents.embed(texts)}


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.documents, self.made = documents, prepared

    def rank(self, query, k):
        allowed = np.arange(len(self.ids))
        if query.scope is not None:
            allowed = np.flatnonzero(self.groups == query.scope)
        said = variants(query.text)
        found = np.zeros(len(allowed))
        for row in self.documents.embed(said) @ self.made["vectors"][allowed].T:
            found[np.argsort(-row, kind="stable")] += 1 / (CONSTANT + np.arange(len(allowed)))
        pool = allowed[np.argsort(-found, kind="stable")[: max(POOL, k)]]
        near = self.made["vectors"] @ query.vector
        shared = bm25.scores(self.made, " ".join(said[:2]), len(self.ids))
        return [self.ids[place] for place in rerank(query, near, shared, pool)[:k]]
