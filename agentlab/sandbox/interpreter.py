"""Which files the candidate's interpreter needs: it, its standard library, declared packages."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from agentlab.errors import InputError

__all__ = ["Interpreter", "package_entries", "top_level_modules", "with_requirements"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


_ASK = """
import json, os, sys, sysconfig
base = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
print(json.dumps({
    "binary": os.path.realpath(getattr(sys, "_base_executable", sys.executable)),
    "base": sys.base_prefix,
    "libraries": [sysconfig.get_path(name, vars=base) for name in ("stdlib", "platstdlib")],
}))
"""


class Interpreter(NamedTuple):
    """A Python and the files that it cannot do without."""

    binary: Path
    folders: tuple[Path, ...]
    """Folders of the standard library, and files of the libraries it is linked with."""

    hidden: tuple[Path, ...]
    """Folders inside those that hold installed packages: shown empty."""

    replaced: Mapping[Path, Path] = MappingProxyType({})
    """What is shown in place of some of the folders, by the folder."""

    @classmethod
    def of(cls, executable: str) -> Interpreter:
        """Returns what an interpreter needs outside any virtual environment, by asking it.

        Raises:
            InputError: it is no Python that runs.
        """
        command = [executable, "-I", "-S", "-c", _ASK]
        try:
            said = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise InputError(f"'{executable}' is no Python that runs: {error}") from error
        facts = json.loads(said)
        base = Path(facts["base"])
        libraries = dict.fromkeys(Path(place) for place in facts["libraries"])
        hidden = tuple(
            place / name
            for place in libraries
            for name in ("site-packages", "dist-packages")
            if (place / name).is_dir()
        )
        # An interpreter with a home of its own has its shared libraries there, too.
        linked = () if base == Path("/usr") else sorted((base / "lib").glob("lib*.so*"))
        return cls(Path(facts["binary"]), (*libraries, *linked), hidden)

    @classmethod
    @functools.cache
    def of_this_process(cls) -> Interpreter:
        """Returns what the interpreter that runs this code needs."""
        return cls.of(sys.executable)


def package_entries(packages: Sequence[str]) -> dict[str, Path]:
    """Returns what of the declared distributions to show: file or folder by its name.

    A distribution's RECORD lists its files; a folder is shown whole only where all in it is its
    own, so that a namespace shared with others shows nothing of them.

    Raises:
        InputError: a distribution is not installed, or installed in place without files of its
            own, or ours, whose files hold the answers.
    """
    owners = metadata.packages_distributions() if packages else {}
    entries: dict[str, Path] = {}
    problems: list[str] = []
    for package in packages:
        try:
            found = _entries_of(package, owners)
        except metadata.PackageNotFoundError:
            problems.append(f"'{package}' is not installed; try: pip install {package}")
            continue
        if any(name.partition("/")[0] == "agentlab" for name in found):
            problems.append(f"'{package}' holds tasks and judges; a target may not see it")
        elif not found:
            problems.append(f"'{package}' has no files of its own (installed in place?)")
        entries.update(found)
    if problems:
        raise InputError(*(f"target.packages: {problem}" for problem in problems))
    return entries


def _entries_of(package: str, owners: Mapping[str, list[str]]) -> dict[str, Path]:
    entries: dict[str, Path] = {}
    for file in metadata.files(package) or ():
        top = file.parts[0]
        if top in ("..", "__pycache__") or top.endswith(".pth"):
            continue
        located = Path(str(file.locate()))
        if len(set(owners.get(top, ()))) > 1:
            entries[str(file)] = located
        else:
            entries[top] = located.parents[len(file.parts) - 2] if file.parts[1:] else located
    is_importable = any(not name.partition("/")[0].endswith(".dist-info") for name in entries)
    return entries if is_importable else {}


def with_requirements(packages: Sequence[str]) -> list[str]:
    """Returns the declared distributions and whatever is installed of what they require."""
    found: list[str] = []
    waiting = [_normal(package) for package in packages]
    while waiting:
        package = waiting.pop(0)
        try:
            required = metadata.requires(package) or ()
        except metadata.PackageNotFoundError:
            continue
        if package not in found:
            found.append(package)
            waiting += [
                _normal(match[0])
                for line in required
                if "extra ==" not in line and (match := _NAME.match(line))
            ]
    return found


def top_level_modules(packages: Sequence[str]) -> list[str]:
    """Returns the modules of the declared distributions that are worth importing before a fork."""
    wanted = {_normal(package) for package in packages}
    if not wanted:
        return []
    return sorted(
        module
        for module, owners in metadata.packages_distributions().items()
        if module.isidentifier()
        and not module.startswith("_")
        and any(_normal(owner) in wanted for owner in owners)
    )


def _normal(name: str) -> str:
    """Returns a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
