"""What this machine gives a run, and the command that mends what is missing."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from agentlab.errors import AgentlabError
from agentlab.experiment.checking import CheckLine
from agentlab.references import builtin_root, list_builtins, load_folder
from agentlab.sandbox.probe import probe

__all__ = ["examine"]

_LEAST_FREE_GB = 2
_NO_GIT = "not installed: runs have no repository; try: apt-get install git"
_SUPPORTED = ((3, 11), (3, 13))


def examine() -> list[CheckLine]:
    """Tries everything that a run needs.

    A built-in environment adds what it needs itself: a function `doctor()` in its `environment.py`
    that returns `(name, ok, detail)` for each.
    """
    lines = [_python(), _sandbox(), _ray(), _git(), _disk(), _name()]
    for name in list_builtins("environments"):
        lines += _environment(name)
    return lines


def _python() -> CheckLine:
    first, last = _SUPPORTED
    running = sys.version_info[:2]
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if first <= running <= last:
        return CheckLine("python", True, detail)
    return CheckLine("python", False, f"{detail}; 3.11 to 3.13 are supported")


def _sandbox() -> CheckLine:
    report = probe()
    if report.is_isolated:
        return CheckLine("sandbox", True, report.layers)
    remedy = f"; try: {report.remedy}" if report.remedy else ""
    return CheckLine("sandbox", False, f"candidates are not isolated: {report.reason}{remedy}")


def _ray() -> CheckLine:
    try:
        return CheckLine("ray", True, metadata.version("ray"))
    except metadata.PackageNotFoundError:
        return CheckLine("ray", False, "not installed; try: pip install ray, or --executor inline")


def _git() -> CheckLine:
    found = shutil.which("git")
    return CheckLine("git", found is not None, found or _NO_GIT)


def _disk() -> CheckLine:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    detail = f"{free_gb:.0f} GB free in {Path.cwd()}"
    return CheckLine("disk", free_gb >= _LEAST_FREE_GB, detail)


def _name() -> CheckLine:
    """Looks for the other distribution whose import name is ours."""
    try:
        other = metadata.version("agentlab")
    except metadata.PackageNotFoundError:
        return CheckLine("name", True, "no other package is called agentlab")
    return CheckLine(
        "name",
        False,
        f"the package 'agentlab' {other} (ServiceNow's) is installed in the same place; "
        "try: pip uninstall agentlab && pip install --force-reinstall agentlab-autoresearch",
    )


def _environment(name: str) -> Iterator[CheckLine]:
    try:
        examine_own = getattr(load_folder(builtin_root() / "environments" / name), "doctor", None)
        for line in examine_own() if examine_own is not None else ():
            yield CheckLine(*line)
    except ImportError as error:
        extra = f"pip install 'agentlab-autoresearch[{name}]'"
        yield CheckLine(name, False, f"cannot be loaded ({error}); try: {extra}")
    except AgentlabError as error:
        yield CheckLine(name, False, str(error))
    except Exception as error:  # noqa: BLE001 - a package that breaks is what a doctor is asked for
        yield CheckLine(name, False, f"{type(error).__name__}: {error}")
