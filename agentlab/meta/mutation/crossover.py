"""Crossover: what another line of candidates brought, brought to this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab
from agentlab.meta.merge import merge_files

__all__ = ["crossed"]


def crossed(lab: Lab, parents: Sequence[Candidate], source: str) -> Iterator[Candidate]:
    """Yields the first parent with the edit of each other one that can be merged into it."""
    incumbent = parents[0]
    for other in parents[1:]:
        if other.parent is None or other.parent == incumbent.digest:
            continue
        merge = merge_files(lab.candidate(other.parent).files, incumbent.files, other.files)
        if not merge.conflicts:
            yield Candidate(
                files=merge.files,
                parent=incumbent.digest,
                hypothesis=f"what '{other.label}' brought its own line, it brings this one",
                source=source,
                label=f"crossover with {other.digest[:8]}",
                provenance="typed",
            )
