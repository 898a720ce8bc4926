"""Frames and evidence of a trial, in a folder of its own."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentlab.core.trial import TraceFrame
from agentlab.store.evidence import write_evidence
from agentlab.store.run_folder import PARTIAL

__all__ = ["MAX_TRACE_BYTES", "evidence", "read_frames", "save_trace"]

MAX_TRACE_BYTES = 2 << 20
"""Of frames, before compression; what comes after is cut with a note."""

_FRAMES = "frames.jsonl.gz"


def save_trace(
    folder: Path, key: str, frames: Sequence[TraceFrame], evidence: Mapping[str, bytes]
) -> None:
    """Writes `folder/<key>/`, whole or not at all; what was there is replaced.

    Args:
        folder: Where the traces of the run are.
        key: The trial's.
        frames: Every message over the wire, in order.
        evidence: Files of the environment by name; of a path only its last part is used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=PARTIAL))
    partial.chmod(0o755)
    with gzip.GzipFile(partial / _FRAMES, "wb", mtime=0) as file:
        written = 0
        for frame in frames:
            line = json.dumps(frame.model_dump(mode="json")).encode() + b"\n"
            written += len(line)
            if written > MAX_TRACE_BYTES:
                file.write(b'{"cut": true}\n')
                break
            file.write(line)
    write_evidence(partial, evidence, reserved=_FRAMES)
    place = _place(folder, key)
    shutil.rmtree(place, ignore_errors=True)
    partial.replace(place)


def read_frames(folder: Path, key: str) -> list[TraceFrame]:
    """Returns the frames of a trial, an empty list where none were kept."""
    file = _place(folder, key) / _FRAMES
    if not file.is_file():
        return []
    lines = gzip.decompress(file.read_bytes()).splitlines()
    parsed = [json.loads(line) for line in lines]
    return [TraceFrame.model_validate(frame) for frame in parsed if "cut" not in frame]


def evidence(folder: Path, key: str) -> list[Path]:
    """Returns the files of evidence of a trial, by name."""
    place = _place(folder, key)
    return sorted(file for file in place.glob("*") if file.name != _FRAMES)


def _place(folder: Path, key: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        raise ValueError(f"{key!r} is no key of a trial")
    return folder / key
