"""A standard library without sources and docstrings, for worlds whose answers it would tell.

Compiled once for this interpreter and its files, kept in a folder, and mounted where the library
lies. What is linked into the interpreter's own program keeps its docstrings: the C code, and the
modules that are frozen into it.
"""

from __future__ import annotations

import hashlib
import os
import py_compile
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from agentlab.sandbox.interpreter import Interpreter

__all__ = ["bare_interpreter"]

_VERSION = b"1"
_EXTENSIONS = "lib-dynload"
_LEFT_OUT = frozenset(
    {
        # What holds other copies of sources or of documentation, and what no agent needs.
        *("ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tests", "turtledemo"),
        *("dist-packages", "site-packages", "__pycache__", _EXTENSIONS),
    }
)


def bare_interpreter(folder: Path) -> Interpreter:
    """Returns the interpreter of this process with a library that only runs.

    Args:
        folder: Where compiled libraries are kept; this one is made there if it is missing.
    """
    interpreter = Interpreter.of_this_process()
    replaced, more = {}, []
    for place in interpreter.folders:
        if place.is_dir():
            replaced[place] = _compiled(place, folder)
            if (place / _EXTENSIONS).is_dir():
                more.append(place / _EXTENSIONS)
    return interpreter._replace(folders=(*interpreter.folders, *more), hidden=(), replaced=replaced)


def _compiled(library: Path, folder: Path) -> Path:
    """Returns the compiled copy of a library, whole: another process may make it, too."""
    modules = dict(_modules(library))
    made = folder / _key(library, modules)
    if made.is_dir():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    try:
        (partial / _EXTENSIONS).mkdir()
        for name, source in modules.items():
            _compile(source, partial / f"{name}c")
        for path in [partial, *partial.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        partial.replace(made)
    except OSError:
        # Whoever was faster made the same.
        if not made.is_dir():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return made


def _modules(library: Path) -> Iterator[tuple[str, Path]]:
    for top, folders, files in os.walk(library):
        folders[:] = sorted(
            name for name in folders if name not in _LEFT_OUT and not name.startswith("config-")
        )
        for name in sorted(files):
            if name.endswith(".py"):
                file = Path(top, name)
                yield file.relative_to(library).as_posix(), file


def _key(library: Path, modules: dict[str, Path]) -> str:
    said = hashlib.sha256(_VERSION + sys.version.encode() + os.fsencode(library))
    for name, source in modules.items():
        status = source.stat()
        said.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return said.hexdigest()[:32]


def _compile(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Level 2: docstrings and assertions are left out.
            py_compile.compile(
                str(source),
                str(place),
                dfile=str(source),
                doraise=True,
                optimize=2,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        except (py_compile.PyCompileError, UnicodeDecodeError):
            # A template, or a file for another version: no module of this interpreter.
            return
