"""Layer 4: an ordinary process with limits. It is not isolated, and every record says so."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from agentlab.core.goal import Blob
from agentlab.sandbox.interpreter import Interpreter, package_entries, top_level_modules
from agentlab.sandbox.zygote_sandbox import Launch, ZygoteSandbox, inside_folder

__all__ = ["open_plain"]

NOBODY = 65534
"""The ordinary user that a candidate is when we are root."""


def open_plain(
    *,
    packages: Sequence[str] = (),
    blobs: Sequence[Blob] = (),
    artefacts: Path | None = None,
    interpreter: Interpreter | None = None,
) -> ZygoteSandbox:
    """Opens a sandbox of limits alone; the arguments are those of bubblewrap's."""
    interpreter = interpreter or Interpreter.of_this_process()
    entries = package_entries(packages)
    inside = inside_folder()
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
        "imports": top_level_modules(packages),
        "places": ["", str(inside / "blobs"), str(artefacts or ""), ""],
        "is_isolated": False,
    }
    launch = Launch("plain", False, (), str(interpreter.binary), str(inside), settings)
    return ZygoteSandbox(launch, [inside])
