"""Prints what a query costs a target of `tool_search`, from its text to a ranking.

    python -m tests.benchmarks.retrieval_target_speed [TARGET]

Processor time of one thread at 10,000 and 50,000 documents, asked for: at most 8 and 12 ms. The
query has two sentences, so that three texts are encoded (all-MiniLM-L6-v2 as int8). Documents are
made of words by chance.
"""

from __future__ import annotations

import os
import sys

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import time  # noqa: E402
from types import SimpleNamespace  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from agentlab.retrieval.embedders.named import open_embedder  # noqa: E402
from tests.benchmarks.retrieval_figures import TARGETS, ranker_of  # noqa: E402

_ROUNDS, _QUERIES = 5, 20


class Documents(list[dict[str, Any]]):  # Any: JSON
    """Documents with vectors by chance; queries are encoded by the model."""

    def __init__(self, count: int, draw: np.random.Generator) -> None:
        words = np.array([f"word{number}" for number in range(20_000)])
        shares = 1 / np.arange(10, len(words) + 10)
        shares /= shares.sum()
        super().__init__(
            {
                "id": str(n),
                "name": " ".join(draw.choice(words, size=2, p=shares)),
                "group": "",
                "text": " ".join(draw.choice(words, size=12, p=shares)),
                "params": {},
            }
            for n in range(count)
        )
        self._draw, self.model = draw, open_embedder("onnx-int8")

    def embed(self, texts: list[str]) -> Any:  # Any: an array
        """Returns a row for each text."""
        if len(texts) < len(self):
            return self.model.embed(texts)
        return self._draw.normal(size=(len(texts), self.model.dimensions)).astype(np.float32)


def main(target: str = "sentences") -> None:
    """Measures and prints."""
    module, draw = ranker_of(TARGETS / target), np.random.default_rng(1)
    for count, asked_ms in ((10_000, 8), (50_000, 12)):
        documents = Documents(count, draw)
        ranker = module.Ranker(documents, module.prepare(documents, []))
        parts = ("word10 word900 every file of my team", "word400 word30 the mail of last week")
        for text in (f"{parts[0]} and {parts[1]}", f"{parts[0]}. {parts[1]}."):
            means = []
            for _ in range(_ROUNDS):
                began = time.process_time()
                for _ in range(_QUERIES):
                    vector = documents.model.embed([text])[0]
                    ranker.rank(SimpleNamespace(text=text, vector=vector, scope=None), 10)
                means.append(1000 * (time.process_time() - began) / _QUERIES)
            encoded = 1 + len(module.sentences(text))
            print(
                f"{count:,} documents, {encoded} texts encoded: {min(means):.2f} ms a query "
                f"(asked: {asked_ms})",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
