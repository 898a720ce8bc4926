"""Functions of the running interpreter's library: given what one does, which is it?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from agentlab.errors import InputError
from agentlab.retrieval.collection import Document
from agentlab.retrieval.dealing import HeldOut, SplitBy, deal
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment
from agentlab.retrieval.reader import read_collection

from .standard_library import library_collection

__all__ = ["ENVIRONMENT", "CodeSearchEnvironment"]


class CodeSearchEnvironment(RankingEnvironment):
    """Ranks functions by what is said of one of them."""

    def __init__(
        self,
        data: str | None = None,
        names: bool = True,
        split_by: SplitBy | None = None,
        test: HeldOut = "unseen",
        embedder: str = "onnx-int8",
        success: str = "ndcg@10",
        batch: int = 30,
        most_queries: int | None = None,
    ) -> None:
        """Reads the data; the library is looked through once and kept.

        Args:
            data: A folder of functions and queries; by default the standard library.
            names: Whether it is told what functions of the library are called, and where they are.
            split_by: What is held out as a whole; by default modules, of a folder nothing.
            test: `unseen` modules, or `random` queries.
            embedder: `onnx-int8`, `hash` (no weights), `none` (no vectors), or another.
            success: The metric that is a query's success.
            batch: Queries that a trial ranks.
            most_queries: So many of each split are taken; by default all.

        Raises:
            InputError: data or options are not what they should be.
        """
        if data is not None and not names:
            raise InputError("names: can be hidden in the standard library only, not in a folder")
        self._has_names = names
        is_library = data is None
        collection = (
            library_collection(has_names=names) if data is None else read_collection(Path(data))
        )
        held_by = split_by or ("group" if is_library else "none")
        super().__init__(
            [
                RankedSet(
                    collection,
                    deal(collection, held_by, test=test),
                    fields=("text",),
                )
            ],
            embedder=embedder,
            success=success,
            batch=batch,
            most_queries=most_queries,
        )
        # The library's own docstrings are the queries.
        self.traits = self.traits.model_copy(update={"hides_library": is_library})

    def told_document(self, document: Document, of: RankedSet) -> Mapping[str, JsonValue]:
        """Returns a document without its module, where names are hidden."""
        row = super().told_document(document, of)
        return row if self._has_names else {**row, "group": ""}


ENVIRONMENT = CodeSearchEnvironment
