"""A line of each data file of `tasks/hybrid_rank`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

__all__ = ["SPLITS", "TYPES", "PlaceRow", "QueryRow", "QueryType", "SimilaritiesRow", "Split"]

Split = Literal["training", "train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("training", "train", "validation", "test")
"""`training` is told with its answers to a target that learns; no trial measures it."""

QueryType = Literal["location", "activity", "general"]
TYPES: tuple[QueryType, ...] = ("location", "activity", "general")


class PlaceRow(BaseModel):
    """A line of `corpus.jsonl.gz`: what anybody may read of a place."""

    id: str
    name: str
    text: str
    """Its description, some 200 words."""

    tags: list[str]
    """What its owner ticked; some are missing and a few are wrong."""


class QueryRow(BaseModel):
    """A line of `queries.jsonl.gz`."""

    id: str
    text: str
    gold: list[str]
    """Every place that is what is asked for."""

    split: Split
    type: QueryType
    """What it is truly about; no ranker is told."""

    subject: str
    """The town, the activity, or the two traits; each is in one split only."""


class SimilaritiesRow(BaseModel):
    """A line of `similarities.jsonl.gz`: the places nearest to a query."""

    query: str
    documents: list[str]
    """Nearest first."""

    similarities: list[float]
    """The cosine of each, to four places."""
