"""The oracle solves what it says that it solves, by what any policy can do."""

from __future__ import annotations

import ast
import sys
from typing import Any

import pytest

from tests.environments.robot.world import FOLDER, environment, part

oracle = part("oracle")


@pytest.mark.parametrize("split", ["validation", "test"])
@pytest.mark.parametrize("kind", sorted(oracle.SOLVES))
def test_it_solves_every_task_of_its_kinds(kind: str, split: Any) -> None:
    world = environment(kind, tier=3)
    for seed in range(6):
        played = part("rollout").rollout(oracle.solve, kind, split, seed, environment=world)
        assert played.error is None
        assert played.outcome.success == 1, (seed, played.outcome.feedback)


def test_it_is_offered_where_it_solves_and_nowhere_else() -> None:
    assert set(environment("place", "sort_three").yardsticks()) == {"oracle"}
    assert environment("place", "push").yardsticks() == {}
    assert environment("place", variation="all").yardsticks() == {}


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse((FOLDER / "oracle.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert imported <= set(sys.stdlib_module_names)
