"""Which split each template belongs to; its people and its filling texts are of that side."""

from __future__ import annotations

from collections.abc import Mapping

from agentlab.core.task import SplitName

__all__ = ["SIDES"]

SIDES: Mapping[str, SplitName] = {
    "list": "train",
    "results": "train",
    "shelf": "validation",
    "facets": "test",
    "single": "train",
    "steps": "train",
    "grouped": "validation",
    "wizard": "test",
    "paged": "train",
    "filtered": "train",
    "cards": "test",
    "grid": "validation",
    "settings": "train",
    "records": "train",
    "tabs": "validation",
    "pages": "test",
    "handbook": "train",
    "clauses": "train",
    "minutes": "validation",
    "chapters": "test",
}
"""The split of each template, family after family; a template is dealt here and nowhere else."""
