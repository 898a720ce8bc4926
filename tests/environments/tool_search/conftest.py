"""Builds the environment as an experiment does, with an embedder that needs no weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.environment import EnvironmentSpec
from agentlab.references import build_environment

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "environments/tool_search"


def tool_search(**options: Any) -> Any:
    return build_environment(
        EnvironmentSpec(
            reference="environments/tool_search", options={"embedder": "hash", **options}
        ),
        ROOT,
    )


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    made = tool_search()
    yield made
    made.close()
