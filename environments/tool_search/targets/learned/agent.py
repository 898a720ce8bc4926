"""Carries what is told to `ranker.py`, and its rankings back. Frozen.

    prepare(documents, training) -> {name: array or plain data}     once, may be left out
    Ranker(documents, prepared).rank(query, k) -> ids, best first   for each query

Documents are dicts (id, name, group, text, params ...), with `vectors`, a row each, and
`embed(texts)`. A query has `id`, `text`, `vector` and whatever else is told of it; one for training
also `gold`, the ids that answer it. Without an embedder vectors are None.
"""

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import ranker

AT_ONCE = 256  # texts that a call of the tool takes


class Documents(list):
    """What can be found in one set."""

    def __init__(self, told, tools):
        lines = Path(told["documents"]).read_text(encoding="utf-8").splitlines()
        super().__init__(map(json.loads, lines))
        self.vectors = _array(told["document_vectors"])
        self._tools = tools

    def embed(self, texts):
        """Returns a row for each text; known texts cost little, others a model's time."""
        parts = [texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE)]
        return np.array([v for part in parts for v in self._tools.embed(part)], dtype=np.float32)


def prepare(goal, tools):
    learn = getattr(ranker, "prepare", None)
    if learn is None:
        return
    for told in goal.inputs["sets"]:
        training = _queries(told["training"], _array(told["training_vectors"]))
        made = learn(Documents(told, tools), training) or {}
        folder = tools.artefact / told["set"]
        folder.mkdir()
        for name, value in made.items():
            if isinstance(value, np.ndarray):
                np.save(folder / f"{name}.npy", value)
            else:
                (folder / f"{name}.json").write_text(json.dumps(value))


def solve(goal, tools):
    told = goal.inputs
    vectors = told["query_vectors"]
    if vectors is not None:
        vectors = np.frombuffer(base64.b64decode(vectors), "<f4").reshape(len(told["queries"]), -1)
    ranks = ranker.Ranker(Documents(told, tools), _prepared(tools.artefact, told["set"]))
    return {
        query.id: [str(found) for found in ranks.rank(query, told["k"])]
        for query in _queries(told["queries"], vectors)
    }


def _queries(told, vectors):
    rows = [None] * len(told) if vectors is None else vectors
    return [SimpleNamespace(**query, vector=row) for query, row in zip(told, rows, strict=True)]


def _prepared(artefact, name):
    """Returns what `prepare` of the ranker returned."""
    files = sorted((artefact / name).glob("*")) if artefact is not None else []
    return {
        file.stem: np.load(file) if file.suffix == ".npy" else json.loads(file.read_text())
        for file in files
    }


def _array(path):
    return None if path is None else np.load(path, mmap_mode="r")
