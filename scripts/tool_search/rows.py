"""The lines of the frozen files of `tasks/tool_search`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "DIFFICULTIES",
    "SPLITS",
    "ActionRow",
    "ConnectorRow",
    "Difficulty",
    "ParameterRow",
    "QrelRow",
    "QueryRow",
    "ResolvedBy",
    "Split",
]

Difficulty = Literal["plain", "paraphrase", "ambiguous", "jargon", "indirect"]
ResolvedBy = Literal["name", "trade"]
Split = Literal["train", "validation", "test"]

DIFFICULTIES: tuple[Difficulty, ...] = ("plain", "paraphrase", "ambiguous", "jargon", "indirect")
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConnectorRow(_Row):
    """A line of `connectors.jsonl`: a product with an interface."""

    id: str
    """As it begins the ids of its actions."""

    name: str
    """As people write it."""

    field: str
    """What kind of product it is."""

    text: str
    """What it is for, one sentence."""

    split: Split
    """Where all its queries belong."""


class ParameterRow(_Row):
    """An argument of an action."""

    name: str
    type: Literal["string", "number", "boolean", "datetime", "array"]
    required: bool
    text: str
    """Empty where its publisher documents none."""

    enum: tuple[str, ...] | None = None
    """The values allowed, where they are listed."""


class ActionRow(_Row):
    """A line of `corpus.jsonl.gz`: an action of a connector."""

    id: str
    """Connector and name: `pipewell_list_deals`."""

    name: str
    """Recurs across connectors: `list_deals`."""

    group: str
    """The connector's id."""

    text: str
    """What it does, as its publisher says it."""

    params: tuple[ParameterRow, ...]


class QueryRow(_Row):
    """A line of `queries.jsonl.gz`: what a person types."""

    id: str
    text: str
    group: str
    """The connector's id: that of its gold."""

    difficulty: Difficulty
    resolved_by: ResolvedBy
    """What tells the connector: its name in the text, or a matter that only this one deals with."""

    split: Split
    """By connector: no connector has queries in two."""

    query_split: Split
    """By query, for comparison: the connectors of its test are known from train."""


class QrelRow(_Row):
    """A line of `qrels.jsonl.gz`: an action that answers a query."""

    query: str
    action: str
    relevance: Literal[1] = 1
