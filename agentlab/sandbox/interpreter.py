"""Which files the candidate's interpreter needs: it, its standard library, declared packages."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from agentlab.errors import InputError

__all__ = ["Interpreter", "package_entries", "top_level_modules"]


class Interpreter(NamedTuple):
    """A Python and the files that it cannot do without."""

    binary: Path
    folders: tuple[Path, ...]
    """Folders of the standard library, and of the libraries it is linked with."""

    hidden: tuple[Path, ...]
    """Folders inside those that hold installed packages: shown empty."""

    @classmethod
    def of_this_process(cls) -> Interpreter:
        """Returns the interpreter that runs this code, outside any virtual environment."""
        base = Path(sys.base_prefix)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        stdlib = Path(sysconfig.get_path("stdlib", vars={"base": str(base)})).resolve()
        binary = Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined]
        shared = base / "lib"
        linked = tuple(sorted(shared.glob("libpython*.so*")))
        hidden = tuple(
            folder
            for folder in (stdlib / "site-packages", stdlib / "dist-packages")
            if folder.is_dir()
        )
        # Found next to its binary: the interpreter looks for lib/python3.x beside bin/.
        places = (stdlib, base / "lib" / version)
        folders = tuple(dict.fromkeys(place for place in places if place.is_dir()))
        return cls(binary, (*folders, *linked), hidden)


def package_entries(packages: Sequence[str]) -> dict[str, Path]:
    """Returns what of the declared distributions to show: file or folder by its name.

    A distribution's RECORD lists its files; a folder is shown whole only where all in it is its
    own, so that a namespace shared with others shows nothing of them.

    Raises:
        InputError: a distribution is not installed, or installed in place without a RECORD.
    """
    owners = metadata.packages_distributions()
    entries: dict[str, Path] = {}
    problems: list[str] = []
    for package in packages:
        try:
            files = metadata.files(package) or []
        except metadata.PackageNotFoundError:
            problems.append(f"target.packages: '{package}' is not installed; try: pip install {package}")
            continue
        tops = {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}
        if not tops:
            problems.append(f"target.packages: '{package}' has no files of its own (installed in place?)")
        for file in files:
            top = file.parts[0]
            if top in tops:
                is_shared = len(set(owners.get(top, ()))) > 1
                name = str(file) if is_shared else top
                entries[name] = Path(str(file.locate())).resolve() if is_shared else _top(file, top)
    if problems:
        raise InputError(*problems)
    return entries


def _top(file: metadata.PackagePath, top: str) -> Path:
    located = Path(str(file.locate()))
    return located.parents[len(file.parts) - 2] if len(file.parts) > 1 else located


def top_level_modules(packages: Sequence[str]) -> list[str]:
    """Returns the modules of the declared distributions that are worth importing before a fork."""
    owners = metadata.packages_distributions()
    wanted = {package.lower().replace("_", "-") for package in packages}
    return sorted(
        module
        for module, distributions in owners.items()
        if module.isidentifier()
        and not module.startswith("_")
        and any(name.lower().replace("_", "-") in wanted for name in distributions)
    )
