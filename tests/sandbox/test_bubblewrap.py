"""Layer 1 works for every Python and every user that may have one, and shows nothing unasked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agentlab.core.goal import Blob
from agentlab.errors import InputError
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.interpreter import Interpreter
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run
from tests.sandbox.world import World

pytestmark = pytest.mark.skipif(not probe().is_isolated, reason="no walls here")

_VERSION = "import sys\ndef solve(goal, tools): return list(sys.version_info[:2])"


def _pythons() -> list[str]:
    """Returns every Python at hand that we support: this one, the system's, its neighbours."""
    found = {
        sys.executable,
        *Path("/usr/bin").glob("python3"),
        *Path("/usr/local/bin").glob("python3"),
    }
    found |= set(Path(sys.base_prefix).parent.glob("*3.1[123]*/bin/python3"))
    return sorted(str(path) for path in found)


def _version(python: str) -> list[int]:
    code = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return [int(part) for part in said.stdout.split()]


@pytest.mark.parametrize("python", _pythons())
def test_any_supported_python_runs_candidates(python: str) -> None:
    version = _version(python)
    if version < [3, 11]:  # the system's may be
        pytest.skip("older than what we support")
    sandbox = open_bubblewrap(interpreter=Interpreter.of(python))
    try:
        assert run(sandbox, _VERSION).answer == version
        assert run(sandbox, "import ssl, sqlite3, ctypes\ndef solve(goal, tools): return 1").answer
    finally:
        sandbox.close()


def test_a_python_copied_to_a_home_of_its_own_runs_candidates(tmp_path: Path) -> None:
    # The layout of standalone builds: everything below one folder in somebody's home.
    home = tmp_path / "python"
    base, version = Path(sys.base_prefix), "python{}.{}".format(*sys.version_info[:2])
    ignored = shutil.ignore_patterns("site-packages", "test", "__pycache__", "config-*", "idlelib")
    shutil.copytree(base / "lib" / version, home / "lib" / version, ignore=ignored)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy(library, home / "lib")
    (home / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), home / "bin" / version)
    if str(base / "lib" / "libpython") in _libraries_of(home / "bin" / version):
        pytest.skip("this build of Python names its library by its place and cannot be moved")
    sandbox = open_bubblewrap(interpreter=Interpreter.of(str(home / "bin" / version)))
    try:
        source = "import os\ndef solve(goal, tools): return os.__file__"
        assert run(sandbox, source).answer == str(home / "lib" / version / "os.py")
    finally:
        sandbox.close()


def _libraries_of(program: Path) -> str:
    return subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout


def test_declared_packages_are_there_and_their_neighbours_are_not() -> None:
    sandbox = open_bubblewrap(packages=["numpy"])
    try:
        source = """
        import numpy
        def solve(goal, tools):
            try:
                import pydantic
            except ImportError:
                return numpy.arange(3).tolist()
        """
        assert run(sandbox, source).answer == [0, 1, 2]
    finally:
        sandbox.close()


def test_a_package_whose_needs_are_not_declared_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"sqlalchemy.*must be declared"):
        open_bubblewrap(packages=["alembic"])


def test_blobs_are_read_only_files_named_by_their_hash(tmp_path: Path) -> None:
    file = tmp_path / "corpus"
    file.write_text("words")
    blob = Blob.of(file)
    sandbox = open_bubblewrap(blobs=[blob])
    try:
        source = """
        import os
        def solve(goal, tools):
            path = goal.inputs['corpus']
            return [open(path).read(), os.access(path, os.W_OK), os.listdir('/blobs')]
        """
        told = run(sandbox, source, inputs={"corpus": blob.reference})
        assert told.answer == ["words", False, [blob.sha256]]
    finally:
        sandbox.close()


def test_an_artefact_is_shown_read_only_and_alone(isolated: Sandbox, world: World) -> None:
    source = """
    import os
    def solve(goal, tools):
        try:
            (tools.artefact / 'more').touch()
        except OSError:
            return [sorted(os.listdir(tools.artefact)), os.listdir('/artefacts')]
    """
    assert run(isolated, source, artefact=world.mine).answer == [["index"], []]
