"""The environment's own modules and target, for its tests."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from agentlab.references import find_folder, load_folder

__all__ = ["FOLDER", "TARGET", "part", "target_modules"]

FOLDER = find_folder("environments/hybrid_rank")

TARGET: Mapping[str, bytes] = {
    path.name: path.read_bytes() for path in sorted((FOLDER / "target").glob("*.py"))
}


def part(name: str) -> Any:  # Any: a module that is loaded by path
    """Returns a module of the environment."""
    package = load_folder(FOLDER).__name__.rpartition(".")[0]
    return importlib.import_module(f"{package}.{name}")


@contextmanager
def target_modules(folder: Path) -> Iterator[tuple[ModuleType, ModuleType]]:
    """Yields `ranker` and `metadata` of a target's folder."""
    names = ("ranker", "metadata")
    sys.path.insert(0, str(folder))
    try:
        ranker, metadata = (importlib.import_module(name) for name in names)
        yield ranker, metadata
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
