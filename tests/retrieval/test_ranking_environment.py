"""Two small collections as an environment: the suite, and what a candidate is told and is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.task import SPLITS, Task
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.dealing import deal
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment
from agentlab.testing.environment_suite import EnvironmentSuite


def collection(name: str, *, shift: int = 0) -> Collection:
    """Returns a set; queries of two sets have the same ids, and with a shift other answers."""
    return Collection(
        name=name,
        documents=tuple(
            Document(id=f"d{number}", group=f"{name}{number // 3}", text=f"does {number} {name}")
            for number in range(90)
        ),
        queries=tuple(
            Query(
                id=f"q{number}",
                text=f"please do {number % 90} {name} {number}",
                gold={f"d{(number + shift) % 90}": 1},
            )
            for number in range(270)
        ),
        fingerprint={"corpus": name},
    )


def world(**options: Any) -> RankingEnvironment:
    sets = [
        RankedSet(made, deal(made, "group"), fields=("text",))
        for made in (collection("mail"), collection("file", shift=1))
    ]
    return RankingEnvironment(sets, **{"embedder": "hash", "batch": 8, **options})


def asked(task: Task) -> list[str]:
    ids = task.inputs["queries"]
    assert isinstance(ids, list)
    return [str(name) for name in ids]


class TestRankingEnvironment(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return world()

    def oracle(self, episode: Episode) -> JsonValue:
        return {query.id: list(query.gold) for query in episode.batch.queries}  # type: ignore[attr-defined]

    def observe(self, episode: Episode) -> JsonValue:
        return episode.goal.inputs["query_vectors"]


@pytest.fixture(scope="module")
def environment() -> Iterator[RankingEnvironment]:
    made = world()
    yield made
    made.close()


def test_each_query_of_a_split_is_in_one_batch_of_its_set(environment: RankingEnvironment) -> None:
    dealt = deal(collection("mail"), "group")

    for split in SPLITS:
        tasks = [task for task in environment.tasks(split) if task.inputs["set"] == "mail"]
        told = [name for task in tasks for name in asked(task)]
        assert sorted(told) == sorted(query.id for query in getattr(dealt, split))
        assert all(len(asked(task)) <= 8 for task in tasks)


def test_a_candidate_is_told_no_answer_but_those_of_training(
    environment: RankingEnvironment,
) -> None:
    training = {query.id for query in deal(collection("mail"), "group").training}
    for split in SPLITS:
        goal = environment.start(environment.tasks(split)[0], 0).goal
        assert "gold" not in goal.model_dump_json()

    preparation: Any = environment.preparation(0).goal.inputs["sets"]
    assert [told["set"] for told in preparation] == ["mail", "file"]
    told = preparation[0]["training"]
    assert {query["id"] for query in told} == training
    assert all(query["gold"] for query in told)


def test_no_mounted_file_holds_a_query_that_is_measured(environment: RankingEnvironment) -> None:
    measured = {
        text
        for split in SPLITS
        for task in environment.tasks(split)
        for text in environment.texts_of(task)
    }
    shapes = []
    for blob in environment.blobs():
        data = blob.path.read_bytes()
        assert not any(text.encode() in data for text in measured)
        shapes.append(data[:6] == b"\x93NUMPY")

    assert shapes.count(True) == 4, "documents and training queries of two sets, and no others"


def test_without_an_embedder_there_are_no_vectors() -> None:
    bare = world(embedder="none")

    inputs = bare.start(bare.tasks("train")[0], 0).goal.inputs

    assert (inputs["document_vectors"], inputs["query_vectors"]) == (None, None)
    assert len(bare.blobs()) == 2
    assert bare.fingerprint()["embedder"] == "none"


def test_so_many_queries_are_taken_of_each_set_and_split() -> None:
    few = world(most_queries=5, embedder="none")

    assert [len(few.texts_of(task)) for task in few.tasks("test")] == [5, 5]


def test_the_fingerprint_tells_data_and_embedder(environment: RankingEnvironment) -> None:
    told = environment.fingerprint()

    assert told["mail/corpus"] == "mail"
    assert told["embedder"] not in ("", "none")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"embedder": "hsh"}, "embedder: 'hsh' is unknown"),
        ({"success": "ndgc@10"}, "metric: 'ndgc@10' is unknown"),
        ({"batch": 0}, "batch: 0"),
        ({"most_queries": 0}, "most_queries: 0"),
    ],
)
def test_a_bad_option_is_an_error_before_anything_runs(options: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        world(**options)


def test_clusters_of_two_sets_never_meet(environment: RankingEnvironment) -> None:
    tasks = (environment.tasks("train")[0], environment.tasks("train")[-1])
    clusters = [environment.start(task, 0).judge(None).items[0].cluster for task in tasks]

    assert [cluster.partition("/")[0] for cluster in clusters] == ["mail", "file"]


def test_two_sets_of_one_name_are_an_error() -> None:
    made = collection("mail")
    twice = [RankedSet(made, deal(made, "group"))] * 2

    with pytest.raises(InputError, match="two sets have one name"):
        RankingEnvironment(twice, embedder="none")


def test_the_oracle_holds_answers_of_every_split(environment: RankingEnvironment) -> None:
    source = environment.yardsticks()["oracle"]["agent.py"].decode()
    names: dict[str, Any] = {}
    exec(source, names)

    for split in SPLITS:
        task = environment.tasks(split)[-1]
        queries = [{"id": name} for name in asked(task)]
        told = {"set": task.inputs["set"], "queries": queries}
        answer = names["solve"](type("Goal", (), {"inputs": told}), None)
        assert environment.start(task, 0).judge(json.loads(json.dumps(answer))).success == 1
