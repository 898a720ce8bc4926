"""The targets that ship: one glue, one BM25, and what each of them is meant to do."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from agentlab.core.outcome import Fate
from agentlab.retrieval.lexical import LexicalIndex
from tests.environments.tool_search.conftest import FOLDER, tool_search
from tests.retrieval.playing import files_of, play

TARGETS = [FOLDER / "target", *sorted((FOLDER / "targets").iterdir())]
TEXTS = [
    "list_users Lists the users of an account.",
    "delete_user Removes a user, and what the user owns.",
    "create_invoice Bills a customer for an order.",
    "",
]


@pytest.mark.parametrize("name", ["agent.py", "bm25.py", "synonyms.py"])
def test_a_file_that_targets_share_is_the_same_in_each(name: str) -> None:
    copies = {path.read_bytes() for folder in TARGETS if (path := folder / name).exists()}

    assert len(copies) == 1


@pytest.fixture
def bm25() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("bm25", FOLDER / "targets/bm25/bm25.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("bm25", None)


@pytest.mark.parametrize("query", ["list users", "remove the user", "bill", "nothing known", ""])
def test_the_targets_bm25_is_that_of_the_library(bm25: Any, query: str) -> None:
    made = bm25.index(TEXTS)
    theirs = LexicalIndex(TEXTS, is_stemmed=False, terms=bm25.words)

    ours = bm25.scores(made, query, len(TEXTS))

    assert np.allclose(ours, theirs.scores(query), atol=1e-4)


@pytest.mark.parametrize("folder", TARGETS, ids=lambda folder: folder.name)
def test_a_target_answers_each_query_better_than_chance(folder: Path) -> None:
    world = tool_search(scoped=True, batch=20)
    queries = world.start(world.tasks("validation")[0], 0).batch.queries

    _, record = play(world, files_of(folder), "validation", tasks=1)

    assert record.fate in (Fate.SOLVED, Fate.FAILED)
    assert [item.id for item in record.items] == [query.id for query in queries]
    assert record.success > 0.4, "of 20 actions in any order it would be 0.23"
