"""Answers kept in a folder, where they outlive the process."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path

__all__ = ["AnswerFolder"]

_KEY = re.compile(r"[0-9a-f]{32}")


class AnswerFolder(MutableMapping[str, str]):
    """A mapping from content addresses to texts, a file each; safe to use from several processes.

    A file is there whole or not at all, and is never rewritten: what was answered once stands.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __getitem__(self, key: str) -> str:
        try:
            return self._path(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, text: str) -> None:
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with half.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)

    def __delitem__(self, key: str) -> None:
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted(self._folder.glob("??/*.json")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        return self._folder / key[:2] / f"{key}.json"
