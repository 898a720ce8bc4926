"""What of a meta-agent's proposals is worth a trial: new in this run, and valid."""

from __future__ import annotations

from collections.abc import Iterable

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab
from agentlab.errors import CandidateError
from agentlab.meta.checks import check_candidate
from agentlab.meta.normal_form import normal_form
from agentlab.meta.seen import Seen

__all__ = ["first_new"]


def first_new(
    candidates: Iterable[Candidate], lab: Lab, seen: Seen, *, count: int
) -> list[Candidate]:
    """Returns the first so many that pass the static checks and are like nothing that was tried."""
    forms = seen.forms(lab)
    found: list[Candidate] = []
    if count < 1:
        return found
    for candidate in candidates:
        form = normal_form(candidate)
        if form not in forms and _is_valid(candidate, lab):
            forms.add(form)
            found.append(candidate)
            if len(found) == count:
                break
    return found


def _is_valid(candidate: Candidate, lab: Lab) -> bool:
    try:
        check_candidate(candidate, lab.candidate(str(candidate.parent)), lab.target)
    except CandidateError:
        return False
    return True
