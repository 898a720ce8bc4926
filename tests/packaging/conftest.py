"""The distributions, built once from a copy of the project that holds private files as well."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRIVATE = (
    ".env",
    "runs/first/agentlab.sqlite",
    "environments/browser/.env",
    "environments/browser/__pycache__/environment.cpython-311.pyc",
    "agentlab/__pycache__/errors.cpython-311.pyc",
    "experiments/.cache.sqlite",
    "agentlab/store/left.sqlite-wal",
)
"""Files that git ignores, in places that are shipped."""


class Distributions(NamedTuple):
    wheel: Path
    sdist: Path
    wheel_of_sdist: Path


class Python(NamedTuple):
    """A Python in a venv of its own, into which distributions are installed."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> Python:
        """Returns one without anything."""
        uv, this = _working_uv(), sys.executable
        check_run([*([uv, "venv", "--python", this] if uv else [this, "-m", "venv"]), folder])
        return cls(folder)

    @property
    def program(self) -> Path:
        return self.folder / "bin/python"

    def install(self, *arguments: str | Path) -> None:
        """Installs with uv where it is there, else with pip."""
        with_pip: list[str | Path] = [self.program, "-m", "pip", "install"]
        uv = _working_uv()
        installer = [uv, "pip", "install", "--python", self.program] if uv else with_pip
        check_run([*installer, "--quiet", *arguments])


def check_run(command: Sequence[str | Path], cwd: Path | None = None) -> str:
    """Returns what a command prints; its complaint is the failure's message."""
    ran = subprocess.run([*command], cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{command}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}"
    return ran.stdout


def _working_uv() -> str | None:
    uv = shutil.which("uv")
    works = uv and subprocess.run([uv, "--version"], capture_output=True, check=False)
    return uv if works and works.returncode == 0 else None


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a copy of what git knows, with files that it ignores put among them."""
    copy = tmp_path_factory.mktemp("project with spaces") / "agentlab"
    listed = check_run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in PRIVATE:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("secret")
    return copy


@pytest.fixture(scope="session")
def distributions(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    direct, from_sdist = (tmp_path_factory.mktemp(name) for name in ("direct", "from_sdist"))
    build = [sys.executable, "-m", "build", "--no-isolation"]
    check_run([*build, "--wheel", "--outdir", direct, project])
    check_run([*build, "--outdir", from_sdist, project])
    return Distributions(
        wheel=next(direct.glob("*.whl")),
        sdist=next(from_sdist.glob("*.tar.gz")),
        wheel_of_sdist=next(from_sdist.glob("*.whl")),
    )


@pytest.fixture(scope="session")
def fresh_python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """Returns a Python that has what the lock pins, and not the project."""
    fresh = Python.made_in(tmp_path_factory.mktemp("fresh") / "venv")
    fresh.install("--require-hashes", "-r", ROOT / "requirements.lock")
    return fresh
