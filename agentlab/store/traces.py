"""Frames and evidence of a trial, in a folder of its own."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentlab.core.trial import TraceFrame

__all__ = ["MAX_TRACE_BYTES", "read_frames", "save_trace"]

MAX_TRACE_BYTES = 2 << 20
"""Of frames, before compression; what comes after is cut with a note."""


def save_trace(
    folder: Path, key: str, frames: Sequence[TraceFrame], evidence: Mapping[str, bytes]
) -> None:
    """Writes `folder/<key>/`, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    with gzip.GzipFile(partial / "frames.jsonl.gz", "wb", mtime=0) as file:
        written = 0
        for frame in frames:
            line = json.dumps(frame.model_dump(mode="json")).encode() + b"\n"
            written += len(line)
            if written > MAX_TRACE_BYTES:
                file.write(b'{"cut": true}\n')
                break
            file.write(line)
    for name, content in evidence.items():
        (partial / Path(name).name).write_bytes(content)
    place = folder / key
    shutil.rmtree(place, ignore_errors=True)
    os.replace(partial, place)


def read_frames(folder: Path, key: str) -> list[TraceFrame]:
    """Returns the frames of a trial, an empty list where none were kept."""
    file = folder / key / "frames.jsonl.gz"
    if not file.is_file():
        return []
    lines = gzip.decompress(file.read_bytes()).splitlines()
    parsed = [json.loads(line) for line in lines]
    return [TraceFrame.model_validate(frame) for frame in parsed if "cut" not in frame]
