"""Meaning sentence by sentence.

1. The cosine of the query with name, text and parameters of a document, and the best that
   one of its sentences has, half and half: a request of two steps has two answers.
2. Both sides are centred, documents by their mean and queries by that of the training queries:
   otherwise some documents are near to whatever is asked (Suzuki et al. 2013 on hubs).
"""

import re

import numpy as np

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


def best(scores, k):
    """Returns the places of the k highest; of equal ones those that stand first."""
    places = np.arange(len(scores))
    if len(scores) > k:
        places = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    return places[np.argsort(-scores[places], kind="stable")][:k]
