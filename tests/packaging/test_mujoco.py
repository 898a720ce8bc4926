"""The robot's physics are right with the oldest MuJoCo that the project allows, and the newest."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.packaging.conftest import ROOT, Python, check_run

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]

_TESTS = ("arm", "simulator", "judging", "telling", "episode", "variation", "expert")
"""Those that need no sandbox; how well the target's numbers do is another with each version."""

_NEEDED = ("numpy>=2,<3", "pillow>=10", "pydantic>=2.12,<3", "pyyaml")
_TO_TEST = ("pytest>=8.3", "pytest-timeout", "pytest-xdist", "hypothesis")
_UNREACHABLE = ("connect", "resolve host", "dns error", "timed out", "unreachable", "disabled")
"""What installers say where there is no way to an index."""


def allowed() -> SpecifierSet:
    """Returns what the extra `robot` asks of MuJoCo."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = map(Requirement, project["optional-dependencies"]["robot"])
    return next(requirement.specifier for requirement in asked if requirement.name == "mujoco")


def oldest_allowed() -> str:
    """Returns the first release of the lower bound."""
    (bound,) = (one.version for one in allowed() if one.operator == ">=")
    return f"=={bound}.0"


def install(python: Python, *requirements: str) -> None:
    """Installs, or skips the test where no index can be reached."""
    try:
        python.install(*requirements)
    except AssertionError as error:
        if any(word in str(error).lower() for word in _UNREACHABLE):
            pytest.skip(f"no index of packages can be reached: {str(error)[-200:]}")
        raise


@pytest.mark.parametrize("which", ["oldest", "newest"])
def test_the_robot_s_own_tests_pass(which: str, tmp_path: Path) -> None:
    asked = oldest_allowed() if which == "oldest" else str(allowed())
    python = Python.made_in(tmp_path / "venv")
    install(python, f"mujoco{asked}", *_NEEDED, *_TO_TEST)
    shown = check_run([python.program, "-c", "import mujoco; print(mujoco.__version__)"])
    assert SpecifierSet(asked).contains(shown.strip())
    files = [f"tests/environments/robot/test_{name}.py" for name in _TESTS]
    said = check_run(
        [python.program, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *files],
        ROOT,
    )
    assert " passed" in said
    assert " skipped" not in said
