"""The meta-agent that tries a bank of ideas, one after another, on whatever the incumbent is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, Files
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.errors import CandidateError, InputError
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.bank import Idea
from agentlab.meta.ideas.bundles import best_of, bundles, gains
from agentlab.meta.merge import merge_files

__all__ = ["IdeasAgent", "apply_idea"]

_AND = "+"
"""Stands between the ideas of a bundle in its label."""

_MOST_TRIES = 3
"""How often an idea that was promising, but not shown, is tried in a run."""


class _Past(NamedTuple):
    tries: int
    is_closed: bool
    incumbent: str


class IdeasAgent:
    """Proposes the ideas of a bank in its order, some of them together, promising ones again."""

    name = "ideas"

    def __init__(self, bank: Sequence[Idea], *, written_against: Candidate) -> None:
        """Applies each idea to the target it was written against.

        Raises:
            InputError: not one idea fits that target.
        """
        self._base = written_against
        self._theirs: dict[str, tuple[Idea, Files]] = {}
        for idea in bank:
            files = apply_idea(idea, written_against.files)
            if files is not None:
                self._theirs[idea.name] = (idea, files)
        self.misfits = tuple(idea.name for idea in bank if idea.name not in self._theirs)
        """Ideas that are left out, since their old lines are not, or not once, in the target."""

        if self.misfits and not self._theirs:
            raise InputError(
                f"ideas: none of {len(bank)} fits the target: the old lines of "
                f"'{self.misfits[0]}' are not, or not once, in it"
            )
        self._codes = _codes(list(self._theirs))

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns the next ideas that can be applied to the incumbent, most of them in bundles."""
        past = self._past(lab)
        incumbent = parents[0]
        untried = [name for name in self._theirs if name not in past]
        again = [
            label
            for label, found in past.items()
            if not found.is_closed
            and found.tries < _MOST_TRIES
            and found.incumbent != incumbent.digest
        ]
        able = {*untried, *gains(lab, self.name)}
        harmless = [name for name in self._theirs if name in able]
        best = best_of(lab, self.name, [label for label in past if label not in self._theirs])
        together = bundles(harmless, self._names(best) if best else (), random.Random(seed))
        batch = _Batch(lab, incumbent)
        batch.fill((self._onto(names, incumbent) for names in together), _bundled(count, seed))
        singles = [(name,) for name in untried] + [self._names(label) for label in again]
        batch.fill((self._onto(names, incumbent) for names in singles), count)
        return batch.found

    def conflicts(self, incumbent: Candidate) -> list[str]:
        """Returns the names of ideas that cannot be carried over to an incumbent."""
        return [name for name in self._theirs if self._merged(name, incumbent.files) is None]

    def _past(self, lab: Lab) -> dict[str, _Past]:
        found: dict[str, _Past] = {}
        for decision in lab.decisions:
            if decision.source == self.name:
                before = found.get(decision.label, _Past(0, False, ""))
                is_open = decision.verdict is Verdict.UNDECIDED
                # What met a keep on its way was made for the incumbent before, and never measured.
                is_met = decision.stage == "static" and is_open
                found[decision.label] = _Past(
                    before.tries + (not is_met),
                    before.is_closed or not is_open,
                    "" if is_met else decision.incumbent,
                )
        return found

    def _onto(self, names: Sequence[str], incumbent: Candidate) -> Candidate | None:
        """Returns the incumbent with all ideas that can be merged into it, one after another."""
        files: Files = incumbent.files
        merged: list[Idea] = []
        for name in names:
            after = self._merged(name, files)
            if after is not None and after != files:
                files = after
                merged.append(self._theirs[name][0])
        if len(merged) < min(len(names), 2):
            return None
        codes = [self._codes[idea.name] for idea in merged]
        return Candidate(
            files=dict(files),
            parent=incumbent.digest,
            hypothesis="; together with: ".join(f"{i.title}: {i.hypothesis}" for i in merged),
            source=self.name,
            label=merged[0].name if len(merged) == 1 else _AND.join(codes),
            provenance="curated",
        )

    def _merged(self, name: str, files: Files) -> Files | None:
        """Returns the files with an idea's edit, or None where it conflicts."""
        idea, theirs = self._theirs[name]
        merge = merge_files(self._base.files, files, theirs)
        # Neighbouring edits conflict line by line, yet the old lines may stand untouched.
        return apply_idea(idea, files) if merge.conflicts else merge.files

    def _names(self, label: str) -> tuple[str, ...]:
        """Returns the ideas that a label stands for."""
        if label in self._theirs:
            return (label,)
        names = {code: name for name, code in self._codes.items()}
        return tuple(names[code] for code in label.split(_AND) if code in names)


def _bundled(count: int, seed: int) -> int:
    """Returns how many of a batch are bundles: all but one, and two of three single ones."""
    return count - 1 if count > 1 else min(seed % 3, 1)


def _codes(names: Sequence[str]) -> dict[str, str]:
    """Returns a short code per idea: its number, where all have one of their own."""
    numbers = {name: name.partition("-")[0] for name in names}
    is_plain = len(set(numbers.values())) == len(names) and all(map(str.isdigit, numbers.values()))
    return numbers if is_plain else {name: name for name in names}


class _Batch:
    """Candidates for an incumbent that are new and pass the static checks."""

    def __init__(self, lab: Lab, incumbent: Candidate) -> None:
        self._lab = lab
        self._incumbent = incumbent
        self.found: list[Candidate] = []

    def fill(self, candidates: Iterable[Candidate | None], size: int) -> None:
        """Takes candidates until it holds so many."""
        if len(self.found) >= size:
            return
        known = {self._incumbent.digest, *self._lab.proposed}
        for candidate in candidates:
            if (
                candidate is not None
                and candidate.digest not in known | {one.digest for one in self.found}
                and _is_valid(candidate, self._incumbent, self._lab)
            ):
                self.found.append(candidate)
                if len(self.found) == size:
                    return


def apply_idea(idea: Idea, files: Files) -> dict[str, bytes] | None:
    """Returns the files with every change made, or None where old lines do not stand just once."""
    changed = dict(files)
    for change in idea.changes:
        text = changed.get(change.path, b"").decode("utf-8", "surrogateescape")
        if change.path not in changed and not change.old:
            changed[change.path] = change.new.encode()
        elif change.old and text.count(change.old) == 1:
            text = text.replace(change.old, change.new)
            changed[change.path] = text.encode("utf-8", "surrogateescape")
        else:
            return None
    return changed


def _is_valid(candidate: Candidate, incumbent: Candidate, lab: Lab) -> bool:
    try:
        check_candidate(candidate, incumbent, lab.target)
    except CandidateError:
        return False
    return True
