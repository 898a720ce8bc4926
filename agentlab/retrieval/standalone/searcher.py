"""Ranks documents with the ranker that a run of agentlab found. Needs no agentlab.

The folder holds the ranker's files, the documents, their vectors, what `prepare` made of them, and
the model that makes a vector of a query.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["Documents", "Encoder", "Searcher", "rank", "searcher"]

# `Any` is JSON here, and what the ranker's files define.


class Encoder:
    """Makes vectors of texts with ONNX Runtime, each text by itself and on one thread."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """Loads the model."""
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> Any:
        """Returns a row of length 1 for each text."""
        rows = []
        for text in texts:
            tokens = np.array(self._tokenizer.encode(text).ids, dtype=np.int64)
            rows.append(self._session.run(None, {"tokens": tokens})[0])
        vectors = np.array(rows, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


class Documents(list[dict[str, Any]]):
    """What can be found, as the ranker knows it."""

    def __init__(
        self, rows: Iterable[dict[str, Any]], vectors: Any, encoder: Encoder | None
    ) -> None:
        super().__init__(rows)
        self.vectors = vectors
        self._encoder = encoder

    def embed(self, texts: Sequence[str]) -> Any:
        """Returns a row for each text, rounded as the tool of the run does."""
        assert self._encoder is not None, "there is no model in this package"
        rows = [[round(float(x), 6) for x in row] for row in self._encoder.embed(texts)]
        return np.array(rows, dtype=np.float32)


class Searcher:
    """The ranker with all that it needs, loaded once."""

    def __init__(self, folder: Path) -> None:
        """Loads a package's folder."""
        self.about: dict[str, Any] = json.loads((folder / "package.json").read_text())
        tokens = self.about["max_tokens"]
        self._encoder = Encoder(folder / "model", tokens) if tokens else None
        lines = (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
        vectors = folder / "vectors.npy"
        documents = Documents(
            map(json.loads, lines),
            np.load(vectors, mmap_mode="r") if vectors.is_file() else None,
            self._encoder,
        )
        self.documents = {document["id"]: document for document in documents}
        # Its files import each other by their names.
        sys.path.insert(0, str(folder / "target"))
        self._ranker = importlib.import_module("ranker").Ranker(
            documents, _prepared(folder / "artefact" / self.about["set"])
        )

    def rank(self, query: str, k: int = 10, **more: Any) -> list[str]:
        """Returns the ids of the k best documents, the best first.

        Args:
            query: What is looked for.
            k: How many.
            more: What else the ranker may be told of a query, see `query` in package.json.

        Raises:
            TypeError: it is told something that it does not know.
        """
        if unknown := set(more) - set(self.about["query"]):
            raise TypeError(f"unknown: {sorted(unknown)}; known: {self.about['query']}")
        vector = self._encoder.embed([query])[0] if self._encoder else None
        told = {**dict.fromkeys(self.about["query"]), **more}
        asked = SimpleNamespace(**{"id": "", "text": query, "vector": vector, **told})
        return [str(found) for found in self._ranker.rank(asked, k)]


def _prepared(folder: Path) -> dict[str, Any]:
    return {
        file.stem: np.load(file) if file.suffix == ".npy" else json.loads(file.read_text())
        for file in sorted(folder.glob("*"))
    }


@functools.cache
def searcher() -> Searcher:
    """Returns the searcher of the package that this file lies in; the first call loads it."""
    return Searcher(Path(__file__).resolve().parent)


def rank(query: str, k: int = 10, **more: Any) -> list[str]:
    """Returns the ids of the k best documents, the best first; see `Searcher.rank`."""
    return searcher().rank(query, k, **more)
