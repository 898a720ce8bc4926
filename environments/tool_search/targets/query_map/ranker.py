"""A linear map of the query's vector, learned on training queries, brings it to their answers.

It looks like the best idea of all on tools that it has seen asked for, and is worse than nothing on
others: a shipped example of what held-out groups are for.
"""

import numpy as np

EPOCHS = 15
BATCH = 64
RATE = 1e-3
TEMPERATURE = 0.05


def prepare(documents, training):
    """Learns by the softmax over the tools that were seen, with Adam (Kingma and Ba 2015)."""
    place_of = {document["id"]: place for place, document in enumerate(documents)}
    seen = sorted({place_of[answer] for query in training for answer in query.gold})
    column = {place: number for number, place in enumerate(seen)}
    tools = np.asarray(documents.vectors)[seen]
    pairs = [(query, column[place_of[answer]]) for query in training for answer in query.gold]
    queries = np.array([query.vector for query, _ in pairs], dtype=np.float32)
    answers = np.array([answer for _, answer in pairs])
    weights = np.eye(queries.shape[1], dtype=np.float32)
    mean, square, step = np.zeros_like(weights), np.zeros_like(weights), 0
    draw = np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = draw.permutation(len(pairs))
        for start in range(0, len(pairs), BATCH):
            part = order[start : start + BATCH]
            scores = queries[part] @ weights @ tools.T / TEMPERATURE
            chances = np.exp(scores - scores.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            chances[np.arange(len(part)), answers[part]] -= 1
            slope = queries[part].T @ (chances @ tools) / (len(part) * TEMPERATURE)
            step += 1
            mean = 0.9 * mean + 0.1 * slope
            square = 0.999 * square + 0.001 * slope**2
            rate = RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            weights -= rate * mean / (np.sqrt(square) + 1e-8)
    return {"weights": weights}


class Ranker:
    def __init__(self, documents, prepared):
        self.ids = [document["id"] for document in documents]
        self.groups = np.array([document["group"] for document in documents])
        self.vectors, self.weights = documents.vectors, prepared["weights"]

    def rank(self, query, k):
        scores = self.vectors @ (query.vector @ self.weights)
        if query.scope is not None:
            scores[self.groups != query.scope] = -np.inf
        return [self.ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
