"""What a run comes to when it is decided once more."""

from __future__ import annotations

from agentlab.core.decision import Decision
from agentlab.core.value import Value

__all__ = ["Replay", "ReplayedDecision"]


class ReplayedDecision(Value):
    """One proposal, as the run decided it and as it was decided now."""

    number: int
    before: Decision
    after: Decision | None
    """None where the replay did not come as far."""

    @property
    def is_same(self) -> bool:
        """Whether both decided the same of the same, as far along."""
        return self.after is not None and _decided(self.before) == _decided(self.after)

    @property
    def is_exact(self) -> bool:
        """Whether the evidence is the same to the last digit as well."""
        return self.after is not None and _evidence(self.before) == _evidence(self.after)


class Replay(Value):
    """A run that was decided once more, of the same proposals."""

    run: str
    rule: str
    is_other_rule: bool
    """Whether that is another rule than the run's."""

    is_fresh: bool
    """Whether all trials were measured again."""

    decisions: tuple[ReplayedDecision, ...]
    """In the order of the proposals; with another rule numbers are the run's, canaries left out."""

    trials_reused: int
    """Trials that were taken from the run's store."""

    trials_measured: int

    @property
    def differing(self) -> tuple[ReplayedDecision, ...]:
        """What was decided otherwise."""
        return tuple(one for one in self.decisions if not one.is_same)


def _decided(decision: Decision) -> tuple[object, ...]:
    return decision.candidate, decision.incumbent, decision.verdict, decision.stage


def _evidence(decision: Decision) -> dict[str, object]:
    # What it cost depends on what else had been measured before.
    return decision.model_dump(exclude={"trials"})
