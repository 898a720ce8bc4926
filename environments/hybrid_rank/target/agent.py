"""Carries what is told to `metadata.py` and `ranker.py`, and the rankings back. Frozen.

    ranker.prepare(documents, training) -> {name: array or plain data}   once, may be left out
    metadata.Extractor(documents).extract(text)                          for each query
    ranker.Ranker(documents, prepared).rank(query, k) -> ids, best first

Documents are dicts (id, name, text, and tags where there are any). A query has `id`, `text`,
`candidates`, pairs of an id and its similarity with the nearest first, and `metadata`, what the
extractor made of its text; one for training also `gold`, the ids that answer it.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import metadata
import ranker


def prepare(goal, tools):
    learn = getattr(ranker, "prepare", None)
    for told in goal.inputs["sets"] if learn else ():
        documents = read(told["documents"])
        made = learn(documents, queries(told["training"], documents)) or {}
        folder = tools.artefact / told["set"]
        folder.mkdir()
        for name, value in made.items():
            if isinstance(value, np.ndarray):
                np.save(folder / f"{name}.npy", value)
            else:
                (folder / f"{name}.json").write_text(json.dumps(value))


def solve(goal, tools):
    told = goal.inputs
    documents = read(told["documents"])
    ranks = ranker.Ranker(documents, prepared(tools.artefact, told["set"]))
    return {
        query.id: [str(found) for found in ranks.rank(query, told["k"])]
        for query in queries(told["queries"], documents)
    }


def read(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def queries(told, documents):
    extractor = metadata.Extractor(documents)
    return [
        SimpleNamespace(**query, metadata=extractor.extract(query["text"])) for query in told
    ]


def prepared(artefact, name):
    """Returns what `prepare` of the ranker returned."""
    files = sorted((artefact / name).glob("*")) if artefact is not None else []
    return {
        file.stem: np.load(file) if file.suffix == ".npy" else json.loads(file.read_text())
        for file in files
    }
