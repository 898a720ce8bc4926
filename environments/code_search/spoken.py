"""What the interpreter's own program says, so that no wall can hide it.

These are the docstrings of its C code and of the modules that are frozen into it. What they say
must not be asked for.

Run as a program, isolated and without site-packages, it prints them as JSON: texts by name.
"""

from __future__ import annotations

import functools
import importlib
import json
import re
import subprocess
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

__all__ = ["Spoken", "spoken_here"]

_WORD = re.compile(r"\w+")
_MOST_SHARED = 2 / 3
_C_CODE = (
    type,
    types.BuiltinFunctionType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.MethodDescriptorType,
    types.ModuleType,
    types.WrapperDescriptorType,
)


class Spoken:
    """Looks up whether something is said already."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        """Takes the texts by the name of what says them."""
        self._words = {
            name: [set(_WORD.findall(text.lower())) for text in said]
            for name, said in texts.items()
        }
        self._all = "\n".join(_plain(text) for said in texts.values() for text in said)

    def has(self, name: str, text: str) -> bool:
        """Returns whether a text stands anywhere, or most of its words with what bears the name.

        >>> spoken = Spoken({"fold": ["Fold the paper twice, then stop."]})
        >>> [spoken.has("bend", "fold the Paper"), spoken.has("fold", "Fold a paper, then stop")]
        [True, True]
        """
        if _plain(text) in self._all:
            return True
        words = set(_WORD.findall(text.lower()))
        least = _MOST_SHARED * len(words)
        return any(len(words & said) >= least for said in self._words.get(name, ()))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


@functools.cache
def spoken_here() -> Spoken:
    """Returns what the interpreter that runs this process says."""
    command = [getattr(sys, "_base_executable", sys.executable), "-I", "-S", __file__]
    # A module of the library may print when it is imported, so the last line counts.
    said = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    return Spoken(json.loads(said.splitlines()[-1]))


def _of_frozen_modules() -> Iterator[tuple[str, str]]:
    import _imp

    for name in getattr(_imp, "_frozen_module_names")():  # noqa: B009 - types know nothing of it
        yield from _constants(_imp.get_frozen_object(name))


def _constants(code: types.CodeType) -> Iterator[tuple[str, str]]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield code.co_name, constant
        elif isinstance(constant, types.CodeType):
            yield from _constants(constant)


def _of_c_code() -> Iterator[tuple[str, str]]:
    folders = [place for place in sys.path if place.endswith("lib-dynload")]
    files = {file.name.partition(".")[0] for each in folders for file in Path(each).iterdir()}
    seen: set[int] = set()
    for name in sorted({*sys.builtin_module_names, *files}):
        # Some are made for tests, and some need a display or a library that is not there.
        if "test" not in name and not name.startswith("_xx"):
            with suppress(ImportError):
                yield from _below(name, importlib.import_module(name), seen)


def _below(name: str, value: object, seen: set[int]) -> Iterator[tuple[str, str]]:
    if id(value) in seen or not isinstance(value, _C_CODE):
        return
    seen.add(id(value))
    if isinstance(value.__doc__, str):
        yield name, value.__doc__
    if isinstance(value, type | types.ModuleType):
        for inner, each in list(vars(value).items()):
            yield from _below(inner, each, seen)


def main() -> None:
    """Prints everything, one JSON object."""
    said: dict[str, list[str]] = {}
    for name, text in (*_of_frozen_modules(), *_of_c_code()):
        if len(_WORD.findall(text)) > 1:
            said.setdefault(name, []).append(text)
    sys.stdout.write(f"{json.dumps(said)}\n")


if __name__ == "__main__":
    main()
