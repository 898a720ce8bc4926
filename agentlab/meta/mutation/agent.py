"""The meta-agent that needs no model: one typed edit at a time, operators chosen by a bandit."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab
from agentlab.core.objective import Objective
from agentlab.errors import CandidateError
from agentlab.meta.bandit import draw_arms
from agentlab.meta.checks import check_candidate
from agentlab.meta.mutation.edits import Edit, edits_of
from agentlab.meta.mutation.onward import moved_on
from agentlab.meta.normal_form import normal_form
from agentlab.meta.seen import Seen, edit_form

__all__ = ["MutationAgent", "made_by", "operators_of"]

_TRIES = 200
"""Edits looked at for one batch, at most."""

_PRIORS = {
    "tighten_limit": 2.0,
    "delete_jump": 2.0,
    "scale_number": 1.5,
    "guard_statement": 0.5,
    "swap_word": 0.5,
}
"""Weight of an operator before anything is known of it; 1 for all others.

Numbers, limits and the ends of loops are what single edits move; a blind guard or another order
seldom moves a thing.
"""


class MutationAgent:
    """Proposes typed edits; knows only the lab."""

    name = "mutation"

    def __init__(self) -> None:
        self._seen = Seen()

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` candidates with one edit each that was not tried before."""
        if count < 1:
            return []
        batch = _Batch(lab, self._seen)
        further = (
            made_by(edit, path, parents[0], lab.objective)
            for path, edit in moved_on(lab, parents[0], self.name)
        )
        batch.fill(further, (count + 1) // 2)
        drawn = self._drawn(lab, parents, random.Random(seed))
        batch.fill(itertools.islice(drawn, _TRIES), count)
        return batch.found

    def _drawn(
        self, lab: Lab, parents: Sequence[Candidate], generator: random.Random
    ) -> Iterator[Candidate]:
        own = [(d.label.split(" ", 1)[0], d) for d in lab.decisions if d.source == self.name]
        while True:
            parent = generator.choice(parents)
            by_operator = operators_of(parent, lab)
            if not by_operator:
                return
            priors = {operator: _PRIORS.get(operator, 1.0) for operator in by_operator}
            operator = draw_arms(priors, own, generator)[0]
            path, edit = generator.choice(by_operator[operator])
            yield made_by(edit, path, parent, lab.objective)


class _Batch:
    """Candidates that pass all checks and are like nothing that was tried."""

    def __init__(self, lab: Lab, seen: Seen) -> None:
        self._lab = lab
        self._forms = seen.forms(lab)
        self._edits = seen.edits(lab)
        self.found: list[Candidate] = []

    def fill(self, candidates: Iterable[Candidate], size: int) -> None:
        """Takes candidates until it holds so many."""
        if len(self.found) >= size:
            return
        for candidate in candidates:
            if self._is_new(candidate) and self._is_valid(candidate):
                self.found.append(candidate)
                if len(self.found) == size:
                    return

    def _is_new(self, candidate: Candidate) -> bool:
        # What was changed is found in a blink; only for the normal form the source is parsed.
        edit = edit_form(candidate, self._parent(candidate))
        if edit in self._edits:
            return False
        self._edits.add(edit)
        form = normal_form(candidate)
        is_new = form not in self._forms
        self._forms.add(form)
        return is_new

    def _is_valid(self, candidate: Candidate) -> bool:
        try:
            check_candidate(candidate, self._parent(candidate), self._lab.target)
        except CandidateError:
            return False
        return True

    def _parent(self, candidate: Candidate) -> Candidate:
        return self._lab.candidate(str(candidate.parent))


def operators_of(parent: Candidate, lab: Lab) -> dict[str, list[tuple[str, Edit]]]:
    """Returns the edits of all editable files, by operator in the order of its name."""
    files = tuple(
        (path, content)
        for path, content in sorted(parent.files.items())
        if path.endswith(".py") and lab.target.is_editable(path)
    )
    return _operators_of(files)


@functools.lru_cache(maxsize=16)
def _operators_of(files: tuple[tuple[str, bytes], ...]) -> dict[str, list[tuple[str, Edit]]]:
    by_operator: dict[str, list[tuple[str, Edit]]] = {}
    for path, content in files:
        for edit in edits_of(content):
            by_operator.setdefault(edit.operator, []).append((path, edit))
    return dict(sorted(by_operator.items()))


def made_by(edit: Edit, path: str, parent: Candidate, objective: Objective) -> Candidate:
    """Returns the candidate that an edit makes of its parent."""
    place = f"{path}:{edit.line}"
    subject = f"`{edit.subject}` " if edit.subject else ""
    return Candidate(
        files={**parent.files, path: edit.apply()},
        parent=parent.digest,
        hypothesis=f"{subject}{edit.what} in {place}; expect {_expected(objective)}",
        source=MutationAgent.name,
        label=f"{edit.operator} {place} {edit.what}",
        provenance="typed",
    )


def _expected(objective: Objective) -> str:
    aim = f"{objective.direction} {objective.metric}"
    if objective.then is not None:
        aim += f", or {objective.then.direction} {objective.then.metric} where it stays"
    guarded = " and ".join(guard.metric for guard in objective.guards)
    return f"{aim} at no loss of {guarded}" if guarded else aim
