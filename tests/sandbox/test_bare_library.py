"""Behind walls the library can be had without its sources and docstrings, and still runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.sandbox.bare_library import bare_interpreter
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.interpreter import Interpreter
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run

pytestmark = pytest.mark.skipif(not probe().is_isolated, reason="no walls here")

READERS = {
    "its docstring": "import textwrap\ndef read(): return textwrap.shorten.__doc__",
    "its source, by inspect": """
        import inspect, textwrap
        def read(): return inspect.getsource(textwrap.shorten)
    """,
    "its file": "import textwrap\ndef read(): return open(textwrap.__file__).read()",
    "the file beside the compiled one": """
        import textwrap
        def read(): return open(textwrap.__file__.removesuffix('c')).read()
    """,
    "its page of documentation": """
        import pydoc, textwrap
        def read(): return pydoc.render_doc(textwrap.shorten)
    """,
    "its file, compiled": """
        import textwrap
        def read():
            from importlib.util import cache_from_source
            with open(cache_from_source(textwrap.__file__), 'rb') as file:
                return file.read().decode('latin-1')
    """,
    "any file that lies where the library lies": """
        import os
        def read():
            for top, folders, files in os.walk(os.path.dirname(os.__file__)):
                for name in files:
                    with open(os.path.join(top, name), 'rb') as file:
                        if b'Collapse and truncate the given' in file.read():
                            return 'Collapse and truncate the given'
            return ''
    """,
}
SAID = "Collapse and truncate the given"

ATTEMPT = """
def solve(goal, tools):
    try:
        return read()
    except Exception as error:
        return repr(error)
"""


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    return bare_interpreter(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def bare(interpreter: Interpreter) -> Iterator[Sandbox]:
    sandbox = open_bubblewrap(packages=["numpy"], interpreter=interpreter)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def whole() -> Iterator[Sandbox]:
    sandbox = open_bubblewrap(packages=["numpy"])
    yield sandbox
    sandbox.close()


def attempt(sandbox: Sandbox, reader: str) -> str:
    import textwrap

    told = run(sandbox, textwrap.dedent(reader) + ATTEMPT)
    return str(told.answer)


@pytest.mark.parametrize("way", READERS)
def test_what_a_function_says_is_read_in_the_whole_library_and_not_in_the_bare_one(
    way: str, whole: Sandbox, bare: Sandbox
) -> None:
    if way != "the file beside the compiled one":
        assert SAID in attempt(whole, READERS[way])
    assert SAID not in attempt(bare, READERS[way])


def test_the_library_still_runs(bare: Sandbox) -> None:
    source = """
    import asyncio, collections, csv, ctypes, dataclasses, decimal, email, json, logging, re
    import sqlite3, statistics, subprocess, textwrap, tomllib, typing, unittest, urllib.parse
    import xml.etree.ElementTree, zipfile
    import numpy
    def solve(goal, tools):
        return [json.loads('[1]'), textwrap.shorten('a b', 9), int(numpy.arange(3).sum())]
    """
    assert run(bare, source).answer[0] == [1]


def test_a_second_worker_finds_it_made(tmp_path: Path) -> None:
    first = bare_interpreter(tmp_path)
    made = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    assert bare_interpreter(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == made
