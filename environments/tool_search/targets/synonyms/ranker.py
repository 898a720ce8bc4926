"""The nearest in meaning to a query to which the interface's words for it are added."""

import numpy as np
from synonyms import expansion


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.documents = documents

    def rank(self, query, k):
        added = expansion(query.text)
        vector = query.vector
        if added:
            vector = self.documents.embed([f"{query.text} ({', '.join(added)})"])[0]
        scores = self.documents.vectors @ vector
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
