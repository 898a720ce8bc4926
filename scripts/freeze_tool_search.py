"""Writes the data files of tasks/tool_search anew from what is written by hand: a second.

    python -m scripts.freeze_tool_search

Prints the SHA-256 of each. They are frozen: other bytes are another version of the benchmark.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.tool_search.frozen import compressed, lines, made

FOLDER = Path(__file__).resolve().parent.parent / "tasks/tool_search"


def main() -> None:
    """Writes the files."""
    rows = made()
    contents = {
        "connectors.jsonl": lines(rows.connectors),
        "corpus.jsonl.gz": compressed(lines(rows.corpus)),
        "queries.jsonl.gz": compressed(lines(rows.queries)),
        "qrels.jsonl.gz": compressed(lines(rows.qrels)),
    }
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {name}")


if __name__ == "__main__":
    main()
