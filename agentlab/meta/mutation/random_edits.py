"""Typed edits without any guidance: what every search is to be better than."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab
from agentlab.meta.batch import first_new
from agentlab.meta.mutation.agent import made_by, operators_of
from agentlab.meta.seen import Seen

__all__ = ["RandomEdits"]

_TRIES = 50
"""Edits looked at for each proposal, at most."""


class RandomEdits:
    """Draws among all typed edits of its first parent, each as likely as any other."""

    name = "random"

    def __init__(self) -> None:
        self._seen = Seen()

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` candidates with one edit each."""
        drawn = itertools.islice(_drawn(lab, parents[0], seed), _TRIES * count)
        return first_new(drawn, lab, self._seen, count=count)


def _drawn(lab: Lab, parent: Candidate, seed: int) -> Iterator[Candidate]:
    generator = random.Random(seed)
    edits = [edit for found in operators_of(parent, lab).values() for edit in found]
    while edits:
        path, edit = generator.choice(edits)
        made = made_by(edit, path, parent, lab.objective)
        yield made.model_copy(update={"source": RandomEdits.name})
