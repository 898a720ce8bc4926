"""Meaning sentence by sentence, words field by field, added as they are. It learns no answers.

1. Meaning: the cosine of the query with name, text and parameters of a document, and the best that
   one of its sentences has, half and half: a request of two steps has two answers.
2. Both sides are centred, documents by their mean and queries by that of the training queries:
   otherwise some documents are near to whatever is asked (Suzuki et al. 2013 on hubs).
3. Words: BM25 over fields, see `fields.py`, added to the cosine as it is. Standardised scores would
   make as much of the words where no document shares many as where one shares all.
"""

import re

import fields
import numpy as np

WORDS = 0.2  # what a point of BM25 is worth in cosines
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def text_of(document):
    """Returns what a document's vector is made of: its name in words, its text, its parameters."""
    parameters = document["params"].items()
    parts = [
        document.get("connector") or "",
        " ".join(_PIECES.findall(document["name"])) or document["name"],
        document["text"],
        "; ".join(f"{name}: {about}" if about else name for name, about in parameters),
    ]
    return ": ".join(filter(None, parts))


def sentences(text):
    """Returns the sentences of three words or more, where there are several."""
    found = [part for part in _SENTENCE.split(text) if len(part.split()) >= 3]
    return found if len(found) > 1 else []


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def prepare(documents, training):
    vectors = documents.embed([text_of(document) for document in documents])
    asked = np.stack([query.vector for query in training]) if training else vectors
    return {
        "vectors": unit(vectors - vectors.mean(axis=0)),
        "middle": asked.mean(axis=0),
        **fields.index(documents, [query.text for query in training]),
    }


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.embed, self.made = documents.embed, prepared

    def rank(self, query, k):
        scores = self.meaning(query) + WORDS * fields.scores(self.made, query.text, len(self.ids))
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in best(scores, k)]

    def meaning(self, query):
        """Returns how near each document is to the query and to the nearest of its sentences."""
        parts = sentences(query.text)
        asked = np.stack([query.vector, *(self.embed(parts) if parts else [])])
        cosines = unit(asked - self.made["middle"]) @ self.made["vectors"].T
        return (cosines[0] + cosines[1:].max(axis=0)) / 2 if parts else cosines[0]


def best(scores, k):
    """Returns the places of the k highest; of equal ones those that stand first."""
    places = np.arange(len(scores))
    if len(scores) > k:
        places = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    return places[np.argsort(-scores[places], kind="stable")][:k]
