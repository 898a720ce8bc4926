"""Vectors on disk, so that no text is encoded twice: one file for each embedder.

A vector is kept by the embedder's key, which is the file, and by the whole text that was encoded:
another template of a document, another length or another quantisation misses. The file is a SQLite
database: several processes may use it, and what a killed one had committed is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agentlab.errors import InputError
from agentlab.retrieval.cache_folder import cache_folder
from agentlab.retrieval.embedders.embedder import Embedder, Matrix

__all__ = ["CachedEmbedder", "VectorCache"]

_AT_ONCE = 64
"""So many new vectors are encoded and committed at a time: what a kill can cost."""

_ASKED_AT_ONCE = 500
"""Below the number of parameters that any SQLite takes."""

_PATIENCE_S = 60.0
"""How long a writer waits for another."""


class VectorCache:
    """The vectors of one embedder, by text.

    Raises:
        InputError: the file cannot be used, or is no such cache; here and in each method.
    """

    def __init__(self, folder: Path, embedder_key: str, dimensions: int) -> None:
        self._file = folder / f"{embedder_key}.sqlite"
        self._bytes = dimensions * np.dtype(np.float32).itemsize
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                self._file, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)"
            )

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Returns the vectors of those texts that have one."""
        text_of = {_address(text): text for text in texts}
        addresses = list(text_of)
        found: dict[str, NDArray[np.float32]] = {}
        with self._told():
            for start in range(0, len(addresses), _ASKED_AT_ONCE):
                asked = addresses[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                rows = self._database.execute(
                    f"SELECT text, vector FROM vectors WHERE text IN ({marks})",
                    asked,
                )
                for address, vector in rows:
                    if len(vector) == self._bytes:
                        found[text_of[address]] = np.frombuffer(vector, dtype="<f4")
        return found

    def put(self, texts: Sequence[str], vectors: Matrix) -> None:
        """Keeps the vectors of texts, all or none; one that is there already stays."""
        rows = [
            (_address(text), vector.astype("<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._told(), self._transaction():
            self._database.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"{self._file}: cannot be used to keep vectors ({error}); delete it, or keep them "
                "in another folder"
            ) from error


class CachedEmbedder:
    """An embedder that encodes no text twice, however many processes ask.

    Args:
        embedder: Who encodes what is missing.
        folder: Where vectors are kept; by default the user's cache folder.
    """

    def __init__(self, embedder: Embedder, folder: Path | None = None) -> None:
        self._embedder = embedder
        folder = cache_folder("vectors") if folder is None else folder
        self._cache = VectorCache(folder, embedder.key, embedder.dimensions)
        self.key = embedder.key
        self.dimensions = embedder.dimensions
        self.encoded = 0
        """Texts that were not in the cache so far."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of norm 1 for each text."""
        vectors = dict(self._cache.get(texts))
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            encoded = self._embedder.embed(part)
            self._cache.put(part, encoded)
            vectors.update(zip(part, encoded, strict=True))
            self.encoded += len(part)
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = vectors[text]
        return rows

    def close(self) -> None:
        """Closes the cache."""
        self._cache.close()


def _address(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
