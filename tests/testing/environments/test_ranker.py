from __future__ import annotations

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.value import JsonValue
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.ranker import RankerEnvironment, RankerEpisode


class TestRanker(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return RankerEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, RankerEpisode)
        return {query["id"]: [query["relevant"]] for query in episode._queries}


@pytest.mark.parametrize(("rank", "mrr"), [(1, 1.0), (2, 0.5), (10, 0.1), (11, 0.0)])
def test_a_query_is_worth_one_over_the_rank_of_its_document(rank: int, mrr: float) -> None:
    environment = RankerEnvironment()
    episode = environment.start(environment.tasks("train")[0], 0)
    query = episode._queries[0]
    ranking: list[JsonValue] = [*(f"other-{number}" for number in range(rank - 1))]

    outcome = episode.judge({query["id"]: [*ranking, query["relevant"]]})

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
