"""Files that are there whole or not at all, whenever the machine stops."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from agentlab.errors import InputError
from agentlab.store.run_folder import PARTIAL

__all__ = ["write_durably"]


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file; what was there is replaced at the end, in one step.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            Path(partial).replace(path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
