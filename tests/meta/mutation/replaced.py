"""What an operator makes of a piece of source."""

from __future__ import annotations

from agentlab.meta.mutation.edits import edits_of

__all__ = ["made_by"]


def made_by(operator: str, source: str) -> set[str]:
    """Returns every version of a source that an operator makes."""
    edits = edits_of(source.encode())
    return {edit.apply().decode() for edit in edits if edit.operator == operator}
