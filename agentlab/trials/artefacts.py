"""Folders of artefacts, addressed by content. The trusted side stores them and never opens them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from agentlab.core.candidate import files_digest
from agentlab.core.trial import Artefact

__all__ = ["keep_artefact", "read_artefact"]


def keep_artefact(folder: Path, files: Mapping[str, bytes]) -> Artefact:
    """Writes files to `folder/<digest>/`, once, and returns their address.

    Args:
        folder: Where artefacts lie.
        files: Contents by plain relative path (no `..`, checked at the wire).
    """
    artefact = Artefact(
        digest=files_digest(files), size_bytes=sum(len(content) for content in files.values())
    )
    place = folder / artefact.digest
    if place.is_dir():
        return artefact
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    for path, content in files.items():
        file = partial / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    # The sandbox's user reads it, whatever this process lets others read by default.
    for made in (partial, *partial.rglob("*")):
        made.chmod(0o755 if made.is_dir() else 0o644)
    try:
        partial.rename(place)
    except OSError:
        # Another writer was faster; the content is the same by its address.
        shutil.rmtree(partial)
    return artefact


def read_artefact(folder: Path, artefact: Artefact) -> dict[str, bytes]:
    """Returns the files of an artefact by path.

    Raises:
        FileNotFoundError: it is not there.
    """
    place = folder / artefact.digest
    if not place.is_dir():
        raise FileNotFoundError(place)
    return {
        file.relative_to(place).as_posix(): file.read_bytes()
        for file in sorted(place.rglob("*"))
        if file.is_file()
    }
