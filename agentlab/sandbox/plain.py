"""Layer 4: an ordinary process with limits. It is not isolated, and every record says so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agentlab.core.goal import Blob
from agentlab.sandbox.interpreter import Interpreter, package_entries, top_level_modules
from agentlab.sandbox.zygote_sandbox import ENDPOINT_IMPORTS, INSIDE, Launch, ZygoteSandbox

__all__ = ["open_plain"]

NOBODY = 65534
"""The ordinary user that a candidate is when we are root."""


def open_plain(
    *,
    packages: Sequence[str] = (),
    blobs: Sequence[Blob] = (),
    artefacts: Path | None = None,
    interpreter: Interpreter | None = None,
    has_loopback: bool = False,
) -> ZygoteSandbox:
    """Opens a sandbox of limits alone; the arguments are those of bubblewrap's."""
    interpreter = interpreter or Interpreter.of_this_process()
    entries = package_entries(packages)
    inside = _inside_folder()
    for name, path in entries.items():
        place = inside / "packages" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)
    (inside / "blobs").mkdir()
    for blob in blobs:
        (inside / "blobs" / blob.sha256).symlink_to(blob.path)
    settings = {
        "uid": NOBODY if os.geteuid() == 0 else None,
        "packages": str(inside / "packages"),
        "imports": [*top_level_modules(packages), *(ENDPOINT_IMPORTS if has_loopback else ())],
        "places": ["", str(inside / "blobs"), str(artefacts or ""), ""],
        "is_isolated": False,
        "has_loopback": has_loopback,
    }
    python = str(interpreter.binary)
    launch = Launch("plain", False, (), python, str(inside), settings, tuple(packages))
    return ZygoteSandbox(launch, [inside])


def _inside_folder() -> Path:
    """Returns a new temporary folder with copies of what runs inside, and of nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="agentlab-inside-"))
    for name, source in INSIDE.items():
        for file in source.glob("*.py") if source.is_dir() else (source,):
            place = folder / name / file.name if source.is_dir() else folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    (folder / "packages").mkdir()
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
