"""Builds the environment as an experiment does, with an embedder that needs no weights."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agentlab.core.environment import EnvironmentSpec
from agentlab.references import build_environment, load_folder

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "environments/code_search"


def code_search(**options: Any) -> Any:
    return build_environment(
        EnvironmentSpec(
            reference="environments/code_search", options={"embedder": "none", **options}
        ),
        ROOT,
    )


def part(name: str) -> ModuleType:
    """Returns a module of the environment's folder."""
    package = load_folder(FOLDER).__name__.rpartition(".")[0]
    return importlib.import_module(f"{package}.{name}")


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    made = code_search()
    yield made
    made.close()
