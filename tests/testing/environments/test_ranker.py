from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments import ranker
from agentlab.testing.environments.ranker import RankerEnvironment, RankerEpisode


class TestRanker(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return RankerEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, RankerEpisode)
        return {query.id: [query.relevant] for query in episode._queries}


@pytest.mark.parametrize(("rank", "mrr"), [(1, 1.0), (2, 0.5), (10, 0.1), (11, 0.0)])
def test_a_query_is_worth_one_over_the_rank_of_its_document(rank: int, mrr: float) -> None:
    environment = RankerEnvironment()
    episode = environment.start(environment.tasks("train")[0], 0)
    query = episode._queries[0]
    ranking: list[JsonValue] = [*(f"other-{number}" for number in range(rank - 1))]

    outcome = episode.judge({query.id: [*ranking, query.relevant]})

    assert outcome.items[0].metrics["mrr"] == pytest.approx(mrr)
    assert outcome.items[0].success == (rank == 1)
    assert outcome.metrics["mrr"] == pytest.approx(mrr / len(outcome.items))


def test_whoever_makes_the_index_is_told_no_query() -> None:
    assert RankerEnvironment().preparation(0).goal.inputs["queries"] == {}


def test_queries_that_share_a_subject_are_one_cluster() -> None:
    environment = RankerEnvironment()
    episode = environment.start(environment.tasks("test")[0], 0)

    items = episode.judge(None).items

    assert len(items) == 12
    assert len({item.cluster for item in items}) == 4


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Returns a copy of the built-in data."""
    return Path(shutil.copytree(Path(ranker.__file__).parent / "data", tmp_path / "data"))


def test_its_fingerprint_tells_version_and_hash_of_its_data(data: Path) -> None:
    builtin = dict(RankerEnvironment().fingerprint())
    queries = hashlib.sha256((data / "queries.jsonl").read_bytes()).hexdigest()
    assert builtin["queries.jsonl:sha256"] == queries
    assert builtin["queries.jsonl:version"] == builtin["documents.jsonl:version"] == "1"

    assert RankerEnvironment(str(data), version="1").fingerprint() == builtin
    with (data / "documents.jsonl").open("a") as file:
        file.write('{"id": "more", "text": "of it"}\n')
    changed = RankerEnvironment(str(data), version="1").fingerprint()
    assert {name for name in builtin if changed[name] != builtin[name]} == {
        "documents.jsonl:sha256"
    }


def test_data_without_a_version_have_their_hash_alone(data: Path) -> None:
    assert set(RankerEnvironment(str(data)).fingerprint()) == {
        "documents.jsonl:sha256",
        "queries.jsonl:sha256",
    }


def test_a_bad_line_is_refused_before_there_is_an_environment(data: Path) -> None:
    with (data / "queries.jsonl").open("a") as file:
        file.write('{"id": "q00", "group": "x", "text": "twice", "relevant": "y"}\n')
    with pytest.raises(InputError, match=r"queries\.jsonl:73: id: 'q00' is in line 1 already"):
        RankerEnvironment(str(data))
