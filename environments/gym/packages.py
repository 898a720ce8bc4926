"""Which packages a world needs, and pairs of versions that are known not to work together."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from agentlab.errors import InputError

__all__ = ["broken_pairs", "require_packages", "version_of"]

_EXTRAS = {"gymnasium_robotics": "fetch", "metaworld": "metaworld"}
"""Our extra by the module that registers worlds."""

_ROBOTICS = "gymnasium-robotics"
_LAST_BROKEN_ROBOTICS = (1, 4, 2)
_FIRST_BREAKING_MUJOCO = (3, 12)


def require_packages(world: str) -> None:
    """Checks what a world such as `gymnasium_robotics:FetchPush-v4` imports, without importing it.

    Raises:
        InputError: something is missing, or a pair is known to be broken; with the remedy.
    """
    if version_of("gymnasium") is None:
        raise InputError("environments/gym needs gymnasium; " + _install("gym"))
    module = world.partition(":")[0] if ":" in world else ""
    # As `python -m` has it: a module beside one's experiment is found by the command, too.
    if module and (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    problems = [said for name, said in broken_pairs() if name == module]
    if problems:
        raise InputError(*(f"environment.options.id '{world}': {said}" for said in problems))
    if module and _is_missing(module):
        remedy = _install(_EXTRAS[module]) if module in _EXTRAS else "install the package it is in"
        raise InputError(f"environment.options.id '{world}': no module '{module}'; {remedy}")


def broken_pairs() -> Iterator[tuple[str, str]]:
    """Yields the module that does not work as it is installed here, and why, with the remedy."""
    robotics, mujoco = version_of(_ROBOTICS), version_of("mujoco")
    if (
        robotics
        and mujoco
        and _numbers(robotics) <= _LAST_BROKEN_ROBOTICS
        and _numbers(mujoco) >= _FIRST_BREAKING_MUJOCO
    ):
        yield (
            "gymnasium_robotics",
            f"{_ROBOTICS} {robotics} does not work with mujoco {mujoco}: no Fetch environment can "
            "be made with mujoco 3.12 or later; try: pip install 'mujoco>=3.3,<3.12', best in a "
            "virtual environment of its own (docs/gym.md)",
        )
    if version_of("metaworld") and _is_missing("packaging"):
        yield (
            "metaworld",
            "metaworld cannot be imported without packaging, which it does not ask for; "
            "try: pip install packaging",
        )


def version_of(distribution: str) -> str | None:
    """Returns the installed version of a distribution, or None."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _is_missing(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is None
    except ModuleNotFoundError:
        # The package that should hold it is not there.
        return True


def _install(extra: str) -> str:
    return f"try: pip install 'agentlab-autoresearch[{extra}]'"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
