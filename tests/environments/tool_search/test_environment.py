"""The mock connectors as every environment, global and scoped, and folders of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.retrieval.holdout import is_held
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.environments.tool_search.conftest import FOLDER, tool_search
from tests.retrieval.folders import plain_folder
from tests.retrieval.playing import files_of, play

TARGET = FOLDER / "target"


class TestToolSearch(EnvironmentSuite):
    seeds = (0,)

    def make_environment(self) -> Environment:
        world: Environment = tool_search()
        return world

    def oracle(self, episode: Episode) -> JsonValue:
        return {query.id: list(query.gold) for query in episode.batch.queries}  # type: ignore[attr-defined]


def connectors(world: Any, split: SplitName) -> set[str]:
    return {
        document.group
        for task in world.tasks(split)
        for query in world.start(task, 0).batch.queries
        for document in world.start(task, 0).batch.collection.gold_documents(query)
    }


def test_no_connector_of_the_test_is_asked_for_elsewhere(world: Any) -> None:
    found = {split: connectors(world, split) for split in SPLITS}

    assert [len(found[split]) for split in SPLITS] == [49, 10, 11]
    assert not found["test"] & (found["train"] | found["validation"])
    assert not found["validation"] & found["train"]


def test_a_scope_is_told_where_the_connector_is_known(world: Any) -> None:
    task = world.tasks("test")[0]

    episode = tool_search(scoped=True, embedder="none").start(task, 0)

    for query, told in zip(episode.batch.queries, episode.goal.inputs["queries"], strict=True):
        assert told["scope"] == episode.batch.collection.gold_documents(query)[0].group
    assert {told["scope"] for told in world.start(task, 0).goal.inputs["queries"]} == {None}


def test_the_target_finds_more_where_the_connector_is_known() -> None:
    found = {}
    for scoped in (False, True):
        records = play(tool_search(scoped=scoped), files_of(TARGET), "validation", tasks=3)
        items = [item for record in records[1:] for item in record.items]
        found[scoped] = sum(item.metrics["hit@1"] for item in items) / len(items)

    assert 0.2 < found[False] < found[True]


def many(folder: Path, *, name: str) -> Path:
    return plain_folder(
        folder / name,
        documents=[
            {"id": f"d{n}", "name": f"{name}_{n}", "group": f"g{n % 40}", "text": f"{name} {n}"}
            for n in range(80)
        ],
        queries=[
            {"id": f"q{n}", "text": f"please {name} {n % 80}", "gold": [f"d{n % 80}"]}
            for n in range(400)
        ],
    )


def test_a_folder_is_split_by_its_groups(tmp_path: Path) -> None:
    world = tool_search(data=str(many(tmp_path, name="send")), batch=50)

    assert [task.id for task in world.tasks("test")][:1] == ["send/test-000"]
    assert not connectors(world, "test") & connectors(world, "train")


def test_several_folders_are_one_collection(tmp_path: Path) -> None:
    folders = [str(many(tmp_path, name=name)) for name in ("send", "list")]

    batch = tool_search(data=folders).start(tool_search(data=folders).tasks("train")[0], 0).batch

    assert batch.collection.name == "send+list"
    assert len(batch.collection.documents) == 160


def test_sets_that_are_not_pooled_are_ranked_each_by_itself(tmp_path: Path) -> None:
    for name in ("send", "list"):
        many(tmp_path, name=name)

    world = tool_search(data=["mock-connectors", str(tmp_path)], pool=False, batch=50)

    sets = [task.id.partition("/")[0] for task in world.tasks("test")]
    assert list(dict.fromkeys(sets)) == ["mock-connectors", "list", "send"]
    assert len(world.start(world.tasks("test")[-1], 0).batch.collection.documents) == 80


def test_each_set_is_split_by_its_own_rule(tmp_path: Path) -> None:
    folders = [str(many(tmp_path, name=name)) for name in ("send", "list")]

    world = tool_search(data=folders, pool=False, split_by={"list": "none"})

    held = {
        name: {
            is_held(document.group)
            for task in world.tasks("test")
            for batch in (world.start(task, 0).batch,)
            if batch.collection.name == name
            for query in batch.queries
            for document in batch.collection.gold_documents(query)
        }
        for name in ("send", "list")
    }
    assert held == {"send": {True}, "list": {True, False}}


def test_a_connector_answers_what_is_asked_of_its_actions() -> None:
    world = tool_search(data="mock-connectors")
    batch = world.start(world.tasks("test")[0], 0).batch

    assert len(batch.collection.documents) == 70
    assert all(query.model_extra["group"] in query.gold for query in batch.queries)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"data": "no/such"}, "data: 'no/such' is no folder"),
        ({"data": "mock-action"}, "did you mean 'mock-actions'"),
        ({"data": []}, "data: names nothing"),
        ({"data": "mock-connectors", "scoped": True}, "scoped: the documents of mock-connectors"),
        ({"split_by": "groups"}, "no 'groups'; did you mean 'group'"),
        ({"embedder": "word2vec"}, "embedder: 'word2vec' is unknown"),
    ],
)
def test_a_bad_option_is_an_error_before_anything_runs(options: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        tool_search(**options)


def test_the_doctor_says_what_vectors_need(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[type(tool_search(embedder="none")).__module__]
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "tokenizers" else name)

    ((name, holds, detail),) = module.doctor()

    assert (name, holds) == ("tool search", True)
    assert detail.startswith("for vectors tokenizers must be there: pip install")


def test_a_scope_needs_groups(tmp_path: Path) -> None:
    queries = [{"id": "q1", "text": "x", "gold": ["d1"]}]
    folder = plain_folder(tmp_path / "bare", documents=[{"id": "d1", "text": "x"}], queries=queries)

    with pytest.raises(InputError, match="scoped: the documents of bare are in no groups"):
        tool_search(data=str(folder), scoped=True)
