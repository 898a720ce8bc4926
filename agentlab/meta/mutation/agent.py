"""The meta-agent that needs no model: one typed edit at a time, operators chosen by a bandit."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.errors import CandidateError
from agentlab.meta.bandit import draw_arms
from agentlab.meta.checks import check_candidate
from agentlab.meta.merge import merge_files
from agentlab.meta.mutation.edits import Edit, edits_of
from agentlab.meta.normal_form import normal_form

__all__ = ["MutationAgent"]

_TRIES = 200
_NUMBER_CHANGE = re.compile(r"_number (\S+):\d+ (\S+) -> (\S+)$")


class MutationAgent:
    """Proposes typed edits; knows only the lab."""

    name = "mutation"

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` new single edits of the parents."""
        generator = random.Random(seed)
        known = {normal_form(lab.candidate(digest)) for digest in lab.proposed}
        found: list[Candidate] = []
        for _, candidate in zip(
            range(_TRIES), self._candidates(lab, parents, generator), strict=False
        ):
            form = normal_form(candidate)
            if form in known or not _is_valid(candidate, parents[0], lab):
                continue
            known.add(form)
            found.append(candidate)
            if len(found) == count:
                break
        return found

    def _candidates(
        self, lab: Lab, parents: Sequence[Candidate], generator: random.Random
    ) -> Iterator[Candidate]:
        yield from _crossover(lab, parents)
        yield from _further(lab, parents[0])
        while True:
            edit = self._draw(lab, generator.choice(parents), generator)
            if edit is None:
                return
            yield edit

    def _draw(self, lab: Lab, parent: Candidate, generator: random.Random) -> Candidate | None:
        by_operator: dict[str, list[tuple[str, Edit]]] = {}
        for path in sorted(parent.files):
            if path.endswith(".py") and lab.target.is_editable(path):
                for edit in edits_of(parent.files[path]):
                    by_operator.setdefault(edit.operator, []).append((path, edit))
        if not by_operator:
            return None
        own = ((d.label.split(" ", 1)[0], d) for d in lab.decisions if d.source == self.name)
        operator = draw_arms(dict.fromkeys(sorted(by_operator), 1.0), own, generator)[0]
        path, edit = generator.choice(by_operator[operator])
        return _made(parent, path, edit)


def _made(parent: Candidate, path: str, edit: Edit) -> Candidate:
    place = f"{path}:{edit.line}"
    return Candidate(
        files={**parent.files, path: edit.apply()},
        parent=parent.digest,
        hypothesis=f"{edit.what} in {place} improves the objective; its trials show it, or not",
        source=MutationAgent.name,
        label=f"{edit.operator} {place} {edit.what}",
        provenance="typed",
    )


def _crossover(lab: Lab, parents: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yields the incumbent with the edits of another line that share an ancestor with it."""
    incumbent = parents[0]
    for other in parents[1:]:
        if other.parent is None or other.parent == incumbent.digest:
            continue
        base = lab.candidate(other.parent)
        files = merge_files(base.files, incumbent.files, other.files)
        if files is not None:
            yield Candidate(
                files=files,
                parent=incumbent.digest,
                hypothesis=f"what '{other.label}' brought its own line, it brings this one",
                source=MutationAgent.name,
                label=f"crossover with {other.digest[:8]}",
                provenance="typed",
            )


def _further(lab: Lab, incumbent: Candidate) -> Iterator[Candidate]:
    """Yields numbers that were moved with success, moved on in the same direction."""
    for decision in reversed(lab.decisions):
        if decision.verdict is Verdict.KEPT and (match := _NUMBER_CHANGE.search(decision.label)):
            path, before, after = match.groups()
            yield from _moved_on(incumbent, path, before, after)


def _moved_on(incumbent: Candidate, path: str, before: str, after: str) -> Iterator[Candidate]:
    old, new = ast.literal_eval(before), ast.literal_eval(after)
    for edit in edits_of(incumbent.files.get(path, b"")):
        if edit.operator.endswith("_number") and edit.what.startswith(f"{after} -> "):
            aim = ast.literal_eval(edit.what.rsplit(" ", 1)[1])
            if (aim - new) * (new - old) > 0:
                yield _made(incumbent, path, edit)


def _is_valid(candidate: Candidate, parent: Candidate, lab: Lab) -> bool:
    try:
        check_candidate(candidate, parent, lab.target)
    except CandidateError:
        return False
    return True
