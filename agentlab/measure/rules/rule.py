"""What a keep rule is: how it has candidates measured, and what it makes of what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from agentlab.core.decision import Cause, Decision, Sample, Verdict
from agentlab.core.task import SplitName
from agentlab.measure.detectable import Design
from agentlab.measure.evidence import Evidence

__all__ = ["Case", "Look", "Reading", "Rule"]


class Look(NamedTuple):
    """One block that candidate and incumbent are measured on before the rule is asked again."""

    split: SplitName = "validation"
    is_fresh: bool = False
    """Whether every incumbent has seeds of its own; else all candidates have the same block."""

    is_hidden: bool = False
    """Whether nobody is told what was seen, but for the verdict."""


class Case(NamedTuple):
    """What a rule is asked about."""

    evidence: Evidence
    """Of the looks that may be told."""

    hidden: Evidence
    """Of those that are hidden."""

    looks_left: int
    """How many more there could be; with none, the rule must decide."""

    earlier: Sequence[Decision]
    """All decisions of the run before this one, by number."""


class Reading(NamedTuple):
    """What a rule says after a look."""

    verdict: Verdict | None
    """None: undetermined yet, look again."""

    reason: str
    e_value: float | None = None
    """Evidence that it is better; None where the rule bets on nothing."""

    pairs: int = 0
    tested: tuple[Sample, ...] = ()
    """What the test of the objective saw, then each guard that is not shown to hold."""

    cause: Cause | None = None
    """Why it is not kept; None where it is, and as long as it is undetermined."""


class Rule(Protocol):
    """Decides whether a candidate takes the incumbent's place. It has no state of its own."""

    @property
    def siblings(self) -> int:
        """Candidates of one batch."""
        ...

    @property
    def halves(self) -> bool:
        """Whether siblings are thinned on train tasks first, so that one at most is looked at."""
        ...

    @property
    def worthwhile(self) -> float:
        """Improvement that must stay within reach; 0: any will do."""
        ...

    @property
    def is_test(self) -> bool:
        """Whether the chance of a false keep is bounded."""
        ...

    @property
    def looks(self) -> Sequence[Look]:
        """The looks that there may be, in their order; at least one."""
        ...

    def read(self, case: Case) -> Reading:
        """Returns what the looks so far decide; None as the verdict only if looks are left."""
        ...

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> Design | None:
        """Returns how well it sees, for the outlook of a run; None where that has no meaning.

        Args:
            clusters_per_block: Clusters that one look holds.
            blocks: The most looks that this run's data allow.
            gates: Decisions at the gate so far.
        """
        ...
