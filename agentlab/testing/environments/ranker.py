"""A world of fixed data: rank documents for a batch of queries, with an index made beforehand.

Documents travel as a file, the index as an artefact, and each query is an item of its own. The data
are checked when the environment is built, and its fingerprint tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Metric, Traits, Yardstick
from agentlab.core.goal import Blob, Goal
from agentlab.core.outcome import ItemOutcome, Outcome
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.data_file import read_jsonl

__all__ = ["Document", "Query", "RankerEnvironment", "RankerEpisode"]

_DATA = Path(__file__).parent / "data"
_VERSION = "1"
_DEPTH = 10
"""Ranks that count."""

_GROUPS_PER_TASK = 4

_ORACLE = """
def prepare(goal, tools):
    return None


def solve(goal, tools):
    return {name: ANSWERS[name] for name in goal.inputs["queries"]}
"""


class Document(BaseModel):
    """A line of `documents.jsonl`."""

    id: str
    text: str


class Query(BaseModel):
    """A line of `queries.jsonl`."""

    id: str
    group: str
    """Its subject."""

    text: str
    relevant: str
    """Id of the document that answers it."""


class RankerEpisode(Episode):
    """One batch of queries; without queries, the making of the index."""

    def __init__(self, queries: Sequence[Query], documents: Blob) -> None:
        self._queries = queries
        texts: dict[str, JsonValue] = {query.id: query.text for query in queries}
        self.goal = Goal(
            instruction=f"answer the ids of the {_DEPTH} best documents by the id of each query",
            inputs={"queries": texts, "documents": documents.reference},
        )

    def judge(self, answer: JsonValue) -> Outcome:
        """Scores each query by the rank of its document; what has no list of ids finds nothing."""
        rankings = answer if isinstance(answer, dict) else {}
        items = tuple(self._item(query, rankings.get(query.id)) for query in self._queries)
        return Outcome(
            success=sum(item.success for item in items) / len(items),
            metrics={"mrr": sum(item.metrics["mrr"] for item in items) / len(items)},
            items=items,
        )

    def _item(self, query: Query, ranking: JsonValue) -> ItemOutcome:
        top = ranking[:_DEPTH] if isinstance(ranking, list) else []
        rank = top.index(query.relevant) + 1 if query.relevant in top else 0
        return ItemOutcome(
            id=query.id,
            cluster=query.group,
            success=float(rank == 1),
            metrics={"mrr": 1 / rank if rank else 0.0},
        )


class RankerEnvironment(Environment):
    """Two batches per split; the subjects of a batch are in no other."""

    traits = Traits(
        context_meter="result_tokens",
        metrics=(Metric(name="mrr", direction="higher", description="mean reciprocal rank"),),
        is_seeded=False,
        is_deterministic=True,
        needs_preparation=True,
    )

    def __init__(self, data: str | None = None, version: str | None = None) -> None:
        """Reads the data.

        Args:
            data: A folder with `documents.jsonl` and `queries.jsonl`; None for the built-in one.
            version: What its publisher calls it.

        Raises:
            InputError: a line is not what it should be.
        """
        folder = Path(data) if data is not None else _DATA
        version = version if data is not None else _VERSION
        documents = folder / "documents.jsonl"
        queries = read_jsonl(folder / "queries.jsonl", Query, version=version, key="id")
        self._fingerprint = {
            **read_jsonl(documents, Document, version=version, key="id").fingerprint,
            **queries.fingerprint,
        }
        self._documents = Blob.of(documents)
        self._queries = queries.rows

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the batches of a split."""
        groups = list(dict.fromkeys(query.group for query in self._queries))
        batches = [
            groups[at : at + _GROUPS_PER_TASK] for at in range(0, len(groups), _GROUPS_PER_TASK)
        ]
        return [
            Task(id=f"batch-{number}", group=f"batch-{number}", inputs={"groups": list(batch)})
            for number, batch in enumerate(batches)
            if SPLITS[number % len(SPLITS)] == split
        ]

    def start(self, task: Task, seed: int) -> RankerEpisode:
        """Starts a batch; there is nothing random in it."""
        groups = task.inputs["groups"]
        assert isinstance(groups, list)
        queries = [query for query in self._queries if query.group in groups]
        return RankerEpisode(queries, self._documents)

    def preparation(self, seed: int) -> RankerEpisode:
        """Starts the making of an index; it is not told any query."""
        return RankerEpisode([], self._documents)

    def blobs(self) -> Sequence[Blob]:
        """Returns the documents."""
        return [self._documents]

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that holds the labels."""
        answers = {query.id: [query.relevant] for query in self._queries}
        source = f"ANSWERS = {answers}\n{_ORACLE}"
        return {"oracle": {"agent.py": source.encode()}}

    def fingerprint(self) -> Mapping[str, str]:
        """Returns version and hash of its data."""
        return self._fingerprint
