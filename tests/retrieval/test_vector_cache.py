"""No text is encoded twice, none gets another's vector, and a kill damages nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from agentlab.errors import InputError
from agentlab.retrieval.collection import Document
from agentlab.retrieval.embedders.embedder import Embedder, Matrix
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.vector_cache import CachedEmbedder, VectorCache

ROOT = Path(__file__).parents[2]


class Counting:
    """Counts the texts that reach the embedder behind."""

    def __init__(self, dimensions: int = 16) -> None:
        self._embedder = HashEmbedder(dimensions=dimensions)
        self.key, self.dimensions = self._embedder.key, dimensions
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.texts.extend(texts)
        return self._embedder.embed(texts)


@contextmanager
def cached(folder: Path, embedder: Embedder | None = None) -> Iterator[CachedEmbedder]:
    opened = CachedEmbedder(embedder or Counting(), folder)
    try:
        yield opened
    finally:
        opened.close()


def test_vectors_are_those_of_the_embedder_cold_and_warm(tmp_path: Path) -> None:
    texts = ["send mail", "list files", "send mail", ""]
    behind = Counting()
    expected = HashEmbedder(dimensions=16).embed(texts)
    with cached(tmp_path, behind) as embedder:
        assert (embedder.embed(texts) == expected).all()
        assert behind.texts == ["send mail", "list files", ""]
    with cached(tmp_path, behind) as embedder:
        assert (embedder.embed(texts[::-1]) == expected[::-1]).all()
        assert embedder.encoded == 0
    assert len(behind.texts) == 3


def test_another_template_of_the_same_documents_misses(tmp_path: Path) -> None:
    """A cache that is keyed by the document would answer the edit with what was there before."""
    documents = [Document(id=f"d{n}", name=f"name{n}", text=f"does {n}") for n in range(5)]
    templates = ["{0.name}: {0.text}", "{0.name}: {0.text} ", "tool {0.name}. {0.text}"]
    with cached(tmp_path) as embedder:
        for count, template in enumerate(templates, start=1):
            texts = [template.format(document) for document in documents]
            found = embedder.embed(texts)
            assert embedder.encoded == 5 * count
            assert (found == HashEmbedder(dimensions=16).embed(texts)).all()


def test_another_embedder_has_a_file_of_its_own(tmp_path: Path) -> None:
    with cached(tmp_path, Counting(16)) as small, cached(tmp_path, Counting(32)) as large:
        assert small.embed(["send mail"]).shape == (1, 16)
        assert large.embed(["send mail"]).shape == (1, 32)
        assert large.encoded == 1
    assert len(list(tmp_path.glob("*.sqlite"))) == 2


def test_many_texts_and_texts_that_are_no_unicode_are_kept(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1201)] + ["half \ud83d", "zero \0"]
    with cached(tmp_path) as embedder:
        first = embedder.embed(texts)
        assert (embedder.embed(texts) == first).all()
        assert embedder.encoded == len(texts)


def test_processes_share_what_they_encode(tmp_path: Path) -> None:
    def encode(start: int) -> Matrix:
        with cached(tmp_path) as embedder:
            return embedder.embed([f"text {number}" for number in range(start, start + 200)])

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(encode, range(0, 400, 100)))
    with cached(tmp_path) as embedder:
        whole = embedder.embed([f"text {number}" for number in range(500)])
        assert embedder.encoded == 0
    assert all(
        (whole[start : start + 200] == result).all()
        for start, result in zip(range(0, 400, 100), results, strict=True)
    )


WRITER = """
import itertools, sys
from pathlib import Path
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.vector_cache import CachedEmbedder

embedder = CachedEmbedder(HashEmbedder(dimensions=16), Path(sys.argv[1]))
for block in itertools.count():
    embedder.embed([f"text {number}" for number in range(block * 100, block * 100 + 100)])
    print(block, flush=True)
"""


@pytest.mark.serial
@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_what_a_killed_process_had_encoded_is_there_and_right(tmp_path: Path, blocks: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    with writer, writer.stdout:
        for _ in range(blocks):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)

    texts = [f"text {number}" for number in range(blocks * 100)]
    with cached(tmp_path, HashEmbedder(dimensions=16)) as embedder:
        assert (embedder.embed(texts) == HashEmbedder(dimensions=16).embed(texts)).all()
        assert embedder.encoded == 0
    (file,) = tmp_path.glob("*.sqlite")
    database = sqlite3.connect(file)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_without_a_folder_they_lie_in_the_user_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    embedder = CachedEmbedder(Counting())
    embedder.close()

    assert len(list((tmp_path / "agentlab" / "vectors").glob("*.sqlite"))) == 1


def test_a_file_that_is_no_cache_is_told(tmp_path: Path) -> None:
    (tmp_path / "key.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(InputError, match=r"key\.sqlite: cannot be used to keep vectors"):
        VectorCache(tmp_path, "key", 4)


def test_vectors_of_one_call_are_kept_all_or_none(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "key", 2)
    with pytest.raises(ValueError, match="zip"):
        cache.put(["a", "b"], np.ones((1, 2), dtype=np.float32))
    found = cache.get(["a", "b"])
    cache.close()

    assert found == {}
