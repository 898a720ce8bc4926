"""A batch of queries is judged query by query, and only where there is an embedder it embeds."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from agentlab.core.goal import Goal
from agentlab.errors import ToolError
from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.ranking_episode import Batch, PreparationEpisode, RankingEpisode, packed

GOAL = Goal(instruction="rank")
COLLECTION = Collection(
    name="tools",
    documents=(Document(id="d1", text=""), Document(id="d2", text="")),
    queries=(
        Query(id="q1", text="send it", gold={"d1": 1}),
        Query(id="q2", text="list it", gold={"d2": 1}),
    ),
)
BATCH = Batch(COLLECTION, COLLECTION.queries, {"q1": "a", "q2": "b"}, "mrr", ("mrr", "hit@1"), 5)


def test_each_query_is_an_item_with_its_own_score() -> None:
    outcome = RankingEpisode(GOAL, BATCH, None).judge({"q1": ["d1"], "q2": ["d1", "d2"]})

    assert [(item.id, item.cluster, item.success) for item in outcome.items] == [
        ("q1", "a", 1.0),
        ("q2", "b", 0.5),
    ]
    assert outcome.metrics == {"mrr": 0.75, "hit@1": 0.5}


def test_the_feedback_says_what_was_missed_and_nothing_that_a_candidate_made_up() -> None:
    episode = RankingEpisode(GOAL, BATCH, None)

    told = episode.judge({"q1": ["<b>no document</b>"], "q2": ["d1"]}).feedback

    assert "'send it' is answered by d1; first came no document" in told
    assert "'list it' is answered by d2; first came d1" in told
    assert "<b>" not in told


def test_embedding_is_a_tool_where_there_is_an_embedder() -> None:
    episode = PreparationEpisode(GOAL, HashEmbedder())

    vectors = episode.tools["embed"].call({"texts": ["send it"]}).value

    assert np.array(vectors).shape == (1, HashEmbedder().dimensions)
    assert dict(PreparationEpisode(GOAL, None).tools) == {}


def test_too_many_texts_are_an_error_that_a_candidate_can_read() -> None:
    episode = RankingEpisode(GOAL, BATCH, HashEmbedder())

    with pytest.raises(ToolError, match="too_much"):
        episode.tools["embed"].call({"texts": ["x"] * 257})


def test_a_preparation_is_worth_nothing_by_itself() -> None:
    assert PreparationEpisode(GOAL, None).judge(None).success == 0


def test_packed_vectors_are_read_back_as_they_were() -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)

    read = np.frombuffer(base64.b64decode(packed(vectors)), "<f4").reshape(2, -1)

    assert np.array_equal(read, vectors)
