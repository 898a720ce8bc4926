"""The errors of agentlab, one tree.

AgentlabError                what the command line shows without a traceback
├── InputError               the person's mistake: file, key or argument; exit code 2
│   ├── UnknownReference     an environment, target or class that cannot be found
│   ├── CandidateError       files that are no acceptable candidate
│   └── NotReady             an experiment whose run would show nothing; measured, not guessed
├── NotAuthentic             a file that no trusted key has signed as it is; exit code 1
├── NothingMeasurable        no trial can be measured; the run stops, resumable; exit code 1
├── ProposerDown             whoever makes the proposals did not work; resumable; exit code 1
├── BudgetSpent              the next call would pass a cap; it is not made
├── ModelDown                a model failed too often in a row to be asked again; exit code 1
└── InfraError               our side failed (browser died, node lost); the trial is retried
    └── ModelFailure         one call of a language model failed

ToolError                    a tool's answer to the candidate: typed, part of the episode
Violation                    the candidate did what it may not; the trial ends with that fate
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

__all__ = [
    "AgentlabError",
    "BudgetSpent",
    "CandidateError",
    "InfraError",
    "InputError",
    "ModelDown",
    "ModelFailure",
    "NotAuthentic",
    "NotReady",
    "NothingMeasurable",
    "ProposerDown",
    "ToolError",
    "UnknownReference",
    "Violation",
    "nearest",
]


class AgentlabError(Exception):
    """Base of every error that a person reads as one clear message."""

    exit_code = 1


class InputError(AgentlabError):
    """A mistake in what the person gave; carries every problem found, not only the first."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))

    def retell(self, say: Callable[[str], str]) -> None:
        """Tells each problem otherwise, such as with the line that it is about."""
        self.problems = tuple(map(say, self.problems))
        self.args = ("\n".join(self.problems),)


class UnknownReference(InputError):
    """An environment, target, experiment, run or class that cannot be found."""


class CandidateError(InputError):
    """Files that are no acceptable candidate: frozen, unparsable, misplaced or too large."""


class NotReady(InputError):
    """An experiment whose run would show nothing, or nothing that can be believed."""


class NotAuthentic(AgentlabError):
    """A record or a signature that is not as it was written, or not signed by a trusted key."""


class NothingMeasurable(AgentlabError):
    """No trial could be measured after a bounded number of tries; the run can be resumed."""


class ProposerDown(AgentlabError):
    """No proposal could be made after a bounded number of tries; the run can be resumed."""


class BudgetSpent(AgentlabError):
    """The next call would pass a cap, so it was not made."""


class InfraError(AgentlabError):
    """Our side failed, not the candidate: the trial is retried and never scored 0."""


class ModelDown(AgentlabError):
    """A model failed too often in a row, so it is not asked again; the run can be resumed."""


class ModelFailure(InfraError):
    """One call of a language model failed.

    Args:
        reason: What happened, one line.
        endpoint: Who was asked: a URL or a model's name.
        status: The HTTP status of the answer, if one came.
        is_temporary: Whether the same question may succeed in a moment: an overload, an error of
            the server, a time-out, a lost connection.
        retry_after_s: Seconds for which the server asked not to be asked again.
        may_cost: Whether the model may have answered, and be paid for it.
    """

    def __init__(
        self,
        reason: str,
        *,
        endpoint: str,
        status: int | None = None,
        is_temporary: bool = False,
        retry_after_s: float | None = None,
        may_cost: bool = False,
    ) -> None:
        self.reason = reason
        self.endpoint = endpoint
        self.status = status
        self.is_temporary = is_temporary
        self.retry_after_s = retry_after_s
        self.may_cost = may_cost
        told = reason if status is None else f"status {status}: {reason}"
        super().__init__(f"{endpoint}: {told}")

    @property
    def is_refusal(self) -> bool:
        """Whether the model is there and will not take this very question (too long, forbidden)."""
        return self.status is not None and 400 <= self.status < 500 and not self.is_temporary


class ToolError(Exception):
    """What a tool answers when it cannot do what was asked; the episode goes on.

    Args:
        kind: A stable word the candidate can branch on, such as `not_found` or `not_visible`.
        message: One sentence for a reader of the trace.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(f"{kind}: {message}")


class Violation(Exception):
    """The candidate did what it may not; raised on the trusted side, ends the trial."""


def nearest(given: str, allowed: Iterable[str]) -> str:
    """Returns `; did you mean 'x'?` for the closest allowed word, or an empty string.

    >>> nearest("brwser", ["browser", "robot"])
    "; did you mean 'browser'?"
    >>> nearest("zzz", ["browser"])
    ''
    """
    matches = difflib.get_close_matches(given, list(allowed), n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""
