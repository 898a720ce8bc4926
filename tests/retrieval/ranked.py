"""A small environment that ranks, and a target for it."""

from __future__ import annotations

from pathlib import Path

from agentlab.retrieval.dealing import deal
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment
from agentlab.retrieval.reader import read_collection
from tests.retrieval.folders import plain_folder

__all__ = ["RANKER", "small_folder", "small_world"]

RANKER = {
    "agent.py": b"import ranker\n",
    "ranker.py": b"""
class Ranker:
    def __init__(self, documents, prepared):
        self.documents, self.prepared = documents, prepared

    def rank(self, query, k):
        said = set(query.text.split())
        best = sorted(self.documents, key=lambda each: -len(said & set(each["text"].split())))
        return [each["id"] for each in best][:k]
""",
}


def small_folder(folder: Path) -> Path:
    """Writes 60 documents, and a query for each."""
    things = ["mail", "page", "file", "song", "card", "room"]
    doings = ["send", "find", "open", "hide", "copy", "fold", "burn", "sort", "read", "save"]
    texts = [f"{doing} a {thing}" for thing in things for doing in doings]
    return plain_folder(
        folder / "small",
        documents=[
            {"id": f"d{n}", "name": text.replace(" ", "_"), "group": text[-4:], "text": text}
            for n, text in enumerate(texts)
        ],
        queries=[
            {"id": f"q{n}", "text": f"please {text} now", "gold": [f"d{n}"]}
            for n, text in enumerate(texts)
        ],
    )


def small_world(folder: Path, *, embedder: str = "none") -> RankingEnvironment:
    collection = read_collection(small_folder(folder))
    return RankingEnvironment(
        [RankedSet(collection, deal(collection, "none"))], embedder=embedder, batch=20
    )
