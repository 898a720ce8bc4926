"""The benchmarks are too long for a suite, but a name that is gone from under one is found here."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

PROGRAMS = sorted(path.stem for path in (Path(__file__).parent / "benchmarks").glob("[!_]*.py"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_benchmark_can_be_imported_and_says_what_it_prints(program: str) -> None:
    assert importlib.import_module(f"tests.benchmarks.{program}").__doc__
