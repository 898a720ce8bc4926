"""Writes the data files of tasks/hybrid_rank anew from what is written by hand: half a minute.

    python -m scripts.freeze_hybrid_rank

Prints the SHA-256 of each. They are frozen: other bytes are another version of the benchmark.
Similarities are those of the packaged MiniLM with 8-bit weights, which needs the extra `retrieval`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval.vector_cache import CachedEmbedder
from scripts.hybrid_rank.frozen import answerable, compressed, lines, made, similarities

FOLDER = Path(__file__).resolve().parent.parent / "tasks/hybrid_rank"


def main() -> None:
    """Writes the files."""
    rows = made()
    nearest = similarities(rows, CachedEmbedder(open_embedder("onnx-int8")))
    asked = answerable(rows.queries, nearest)
    kept = {query.id for query in asked}
    contents = {
        "corpus.jsonl.gz": compressed(lines(rows.corpus)),
        "queries.jsonl.gz": compressed(lines(asked)),
        "similarities.jsonl.gz": compressed(lines([row for row in nearest if row.query in kept])),
    }
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {name} {len(content):,}")


if __name__ == "__main__":
    main()
