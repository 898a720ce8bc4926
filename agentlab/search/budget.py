"""What a run may spend in all, and what it has spent."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import Field

from agentlab.core.attempt import Attempt
from agentlab.core.trial import TrialRecord
from agentlab.core.value import Value

__all__ = ["Budget", "Spending"]


class Budget(Value):
    """Caps on a whole run; None is no cap. The first that is reached ends the search.

    The final measurement of winner and baseline is part of `wall_s` and of nothing else.
    """

    candidates: int | None = Field(default=None, ge=1)
    """Proposals."""

    trials: int | None = Field(default=None, ge=1)
    """Trials that the search looks at."""

    wall_s: float | None = Field(default=None, gt=0)
    """Seconds from the first start to the end, those of interrupted sessions added up."""

    cost_usd: float | None = Field(default=None, gt=0)
    """US dollars, metered or simulated as the environment declares."""

    tokens: int | None = Field(default=None, ge=1)
    """Tokens to and from language models."""


class Spending:
    """What the search has looked at so far; a function of the log but for the time."""

    def __init__(self, budget: Budget, *, elapsed_s: Callable[[], float]) -> None:
        self._budget = budget
        self._elapsed_s = elapsed_s
        self._seen: set[str] = set()
        self.candidates = 0
        self.cost_usd = 0.0
        self.tokens = 0

    @property
    def trials(self) -> int:
        """Different trials that the search looked at."""
        return len(self._seen)

    def add(self, records: Iterable[TrialRecord]) -> int:
        """Counts trials, each once, and returns how many had not been counted before."""
        before = len(self._seen)
        for record in records:
            if record.key not in self._seen:
                self._seen.add(record.key)
                self.cost_usd += record.usage.cost_usd
                self.tokens += record.usage.prompt_tokens + record.usage.completion_tokens
        return len(self._seen) - before

    def add_attempt(self, attempt: Attempt) -> None:
        """Counts what a proposal took beside its trials."""
        self._seen.update(attempt.probes)
        self.cost_usd += attempt.cost_usd
        self.tokens += attempt.tokens

    def left(self) -> dict[str, float]:
        """Returns what is left of each cap but that of time, which no log tells."""
        spent = {
            "candidates": self.candidates,
            "trials": self.trials,
            "cost_usd": self.cost_usd,
            "tokens": self.tokens,
        }
        caps = {name: getattr(self._budget, name) for name in spent}
        return {name: max(0.0, cap - spent[name]) for name, cap in caps.items() if cap is not None}

    def proposals_left(self, asked: int, *, at_most: int) -> int:
        """Returns how many proposals may still be asked for, of so many wanted."""
        cap = self._budget.candidates
        return at_most if cap is None else max(0, min(at_most, cap - asked))

    def reached(
        self, *, reserve_s: float, part: float = 1.0, counts_proposals: bool = True
    ) -> str | None:
        """Returns the name of the first cap that is reached, or None.

        Args:
            reserve_s: Seconds that the final measurement will take.
            part: Part of each cap that may be spent; that of proposals is always whole.
            counts_proposals: Whether the cap of proposals is one of them.
        """
        spent: dict[str, tuple[float, float | None]] = {
            "trials": (self.trials, self._budget.trials),
            "cost_usd": (self.cost_usd, self._budget.cost_usd),
            "tokens": (self.tokens, self._budget.tokens),
            "wall_s": (self._elapsed_s() + reserve_s, self._budget.wall_s),
        }
        proposals = self._budget.candidates
        if counts_proposals and proposals is not None and self.candidates >= proposals:
            return "candidates"
        for name, (value, cap) in spent.items():
            if cap is not None and value >= cap * part:
                return name
        return None

    def share(self) -> float:
        """Returns how much of the tightest cap is spent, in [0, 1]."""
        shares = [
            value / cap
            for value, cap in (
                (self.candidates, self._budget.candidates),
                (self.trials, self._budget.trials),
                (self.cost_usd, self._budget.cost_usd),
                (self.tokens, self._budget.tokens),
                (self._elapsed_s(), self._budget.wall_s),
            )
            if cap is not None
        ]
        return min(1.0, max(shares, default=0.0))
