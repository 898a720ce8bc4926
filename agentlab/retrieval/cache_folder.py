"""Where made things are kept between runs: they can be made again, so they may be deleted."""

from __future__ import annotations

import os
from pathlib import Path

from agentlab.errors import InputError

__all__ = ["cache_folder"]


def cache_folder(name: str) -> Path:
    """Returns `$XDG_CACHE_HOME/agentlab/<name>`, by default below `~/.cache`; makes it.

    Raises:
        InputError: it cannot be made.
    """
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "agentlab" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be made ({error.strerror}); set XDG_CACHE_HOME to a folder that can"
        ) from error
    return folder
