"""Arrays and corpora as the read-only files that are mounted in a sandbox."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentlab.core.goal import Blob
from agentlab.core.value import JsonValue, plain_json
from agentlab.errors import InputError
from agentlab.retrieval.cache_folder import cache_folder

__all__ = ["array_blob", "rows_blob"]


def array_blob(array: NDArray[Any], folder: Path | None = None) -> Blob:  # Any: of any numbers
    """Returns a `.npy` file of an array, for `numpy.load(path, mmap_mode="r")` inside.

    Without a folder it lies in the user's cache folder, once, however many workers ask for it.
    """
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return _kept(file.getvalue(), folder)


def rows_blob(rows: Iterable[Mapping[str, JsonValue]], folder: Path | None = None) -> Blob:
    """Returns a file with a JSON object per line; see `array_blob`."""
    return _kept("".join(f"{plain_json(dict(row))}\n" for row in rows).encode(), folder)


def _kept(data: bytes, folder: Path | None) -> Blob:
    """Writes a file by the hash of its content, unless it is there: whole, or not at all."""
    sha256 = hashlib.sha256(data).hexdigest()
    folder = cache_folder("blobs") if folder is None else folder
    path = folder / sha256
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or Blob.of(path).sha256 != sha256:
            _write(path, data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    return Blob(path=path.resolve(), sha256=sha256)


def _write(path: Path, data: bytes) -> None:
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
