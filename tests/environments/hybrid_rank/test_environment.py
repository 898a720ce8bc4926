"""The places as every environment, folders of one's own, and what a candidate is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.task import SPLITS
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.environments.hybrid_rank.world import TARGET, part
from tests.retrieval.folders import plain_folder
from tests.retrieval.playing import play


def hybrid_rank(**options: Any) -> Any:  # Any: a class that is loaded by path
    return part("environment").HybridRankEnvironment(**options)


@pytest.fixture(scope="module")
def world() -> Any:
    return hybrid_rank()


class TestHybridRank(EnvironmentSuite):
    seeds = (0,)

    def make_environment(self) -> Environment:
        world: Environment = hybrid_rank()
        return world

    def oracle(self, episode: Episode) -> JsonValue:
        return {query.id: list(query.gold) for query in episode.batch.queries}  # type: ignore[attr-defined]


def test_every_split_has_sixty_clusters_and_shares_none(world: Any) -> None:
    clusters = {
        split: {
            cluster
            for task in world.tasks(split)
            for cluster in world.start(task, 0).batch.clusters.values()
        }
        for split in SPLITS
    }

    assert all(len(found) >= 60 for found in clusters.values())
    assert not clusters["test"] & (clusters["train"] | clusters["validation"])
    assert not clusters["train"] & clusters["validation"]


def test_a_query_is_told_with_candidates_and_neither_type_nor_subject_nor_gold(world: Any) -> None:
    (told, *_) = world.start(world.tasks("test")[0], 0).goal.inputs["queries"]

    assert set(told) == {"id", "text", "candidates"}
    nearness = [near for _, near in told["candidates"]]
    assert len(nearness) == 200
    assert nearness == sorted(nearness, reverse=True)


def test_training_queries_are_told_to_a_preparation_and_measured_nowhere(world: Any) -> None:
    (told,) = world.preparation(0).goal.inputs["sets"]
    measured = {
        query["id"]
        for split in SPLITS
        for task in world.tasks(split)
        for query in world.start(task, 0).goal.inputs["queries"]
    }

    assert len(told["training"]) >= 50
    assert all(set(query["gold"]) for query in told["training"])
    assert not measured & {query["id"] for query in told["training"]}


def test_what_is_no_candidate_is_not_right(world: Any) -> None:
    episode = world.start(world.tasks("train")[0], 0)

    for query, told in zip(episode.batch.queries, episode.goal.inputs["queries"], strict=True):
        assert set(query.gold) <= {name for name, _ in told["candidates"]}


def test_feedback_tells_the_worst_queries_and_what_stood_in_their_way(world: Any) -> None:
    episode = world.start(world.tasks("train")[0], 0)
    answer = {query.id: list(query.gold) for query in episode.batch.queries}
    first = episode.batch.queries[0]
    answer[first.id] = ["no such place"]

    told = episode.judge(answer).feedback.splitlines()

    assert told[1] == f"{first.text!r}: 0.00, the first wrong one is no document"


def test_the_naive_target_is_where_it_was_frozen(world: Any) -> None:
    records = play(world, dict(TARGET), "train")
    items = [item for record in records[1:] for item in record.items]
    means = {name: sum(i.metrics[name] for i in items) / len(items) for name in ("p@12", "mrr")}

    assert means == pytest.approx(NAIVE_ON_TRAIN, abs=0.002)


NAIVE_ON_TRAIN = {"p@12": 0.696, "mrr": 0.918}


def folder_of(folder: Path, *, documents: int = 40) -> Path:
    return plain_folder(
        folder,
        documents=[{"id": f"d{n}", "text": f"word{n % 5} said {n}"} for n in range(documents)],
        queries=[
            {"id": f"q{n}", "text": f"where is word{n % 5} {n}", "gold": [f"d{n % 5}"]}
            for n in range(80)
        ],
    )


def test_a_folder_gets_its_similarities_from_an_embedder(tmp_path: Path) -> None:
    world = hybrid_rank(data=str(folder_of(tmp_path / "mine")), embedder="hash", batch=10)

    records = play(world, dict(TARGET), "test", tasks=1)

    assert records[-1].items
    assert set(world.yardsticks()) == set()
    assert "similarities" in world.fingerprint()


def test_a_query_that_no_candidate_answers_is_left_out(tmp_path: Path) -> None:
    pools = part("pools")
    from agentlab.retrieval.reader import read_collection

    whole = read_collection(folder_of(tmp_path / "mine"))
    of = {query.id: {"d0": 0.5} for query in whole.queries}
    among = pools.among_candidates(whole, pools.Pools(of, {}))

    assert len(among.queries) == 16
    assert all(query.gold == {"d0": 1} for query in among.queries)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"query": "q99"}, "1: query: 'q99' is the id of no query"),
        ({"documents": ["d0", "x"]}, "1: documents: 'x' is the id of no document"),
        ({"documents": ["d0", "d0"]}, "1: documents: one comes twice"),
        ({"similarities": [0.5]}, "1: similarities: must be as many as documents"),
        ({"similarities": [0.1, 0.2]}, "1: similarities: the nearest must come first"),
    ],
)
def test_a_bad_line_of_similarities_is_told(tmp_path: Path, change: Any, said: str) -> None:
    from agentlab.retrieval.reader import read_collection

    folder = folder_of(tmp_path / "mine")
    row = {"query": "q0", "documents": ["d0", "d1"], "similarities": [0.5, 0.4], **change}
    file = folder / "similarities.jsonl"
    file.write_text(json.dumps(row) + "\n")

    with pytest.raises(InputError) as raised:
        part("pools").read_pools(file, read_collection(folder))

    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"data": "no/such"}, "no/such: is no folder"),
        ({"batch": 0}, "batch: 0"),
    ],
)
def test_a_bad_option_is_an_error_before_anything_runs(options: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        hybrid_rank(**options)
