"""Two aims in their order: the first is better, or it is no worse and the second is.

Each aim is read by the same rule. A candidate that is neither may be kept for either, so that each
has half the level of the rule: by Bonferroni's inequality both together keep to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Verdict
from agentlab.core.objective import GateRule, KeepRule, PairedRule, StrictRule
from agentlab.measure.detectable import Design
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.rule import Case, Look, Reading, Rule

__all__ = ["Either", "at_half_level"]


class Either:
    """Keeps what the rule keeps for one of the aims."""

    def __init__(self, rule: Rule) -> None:
        """Wraps a rule.

        Args:
            rule: At half the level that both aims have together.
        """
        self._rule = rule
        self.siblings = rule.siblings
        self.halves = rule.halves
        self.worthwhile = rule.worthwhile
        self.is_test = rule.is_test

    @property
    def looks(self) -> Sequence[Look]:
        """Those of the rule."""
        return self._rule.looks

    def read(self, case: Case) -> Reading:
        """Returns what the first aim decides, unless the second does."""
        first = self._rule.read(case)
        if first.verdict is Verdict.KEPT:
            return first
        second = self._rule.read(
            case._replace(evidence=_second(case.evidence), hidden=_second(case.hidden))
        )
        if second.verdict is Verdict.KEPT:
            return second
        if first.verdict is None or second.verdict is None:
            return first._replace(verdict=None, reason="more blocks are needed", cause=None)
        is_second_open = first.verdict is Verdict.DISCARDED and second.verdict is Verdict.UNDECIDED
        told = second if is_second_open else first
        reasons = dict.fromkeys((first.reason, second.reason))
        return told._replace(reason="; ".join(reasons))

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> Design | None:
        """Returns how well it sees the first aim."""
        return self._rule.design(clusters_per_block=clusters_per_block, blocks=blocks, gates=gates)


def at_half_level(given: KeepRule) -> KeepRule:
    """Returns a rule as one of two aims has it; what is no test stays as it is."""
    if isinstance(given, PairedRule | GateRule):
        return given.model_copy(update={"alpha": given.alpha / 2})
    if isinstance(given, StrictRule):
        return given.model_copy(update={"fdr": given.fdr / 2})
    return given


def _second(evidence: Evidence) -> Evidence:
    assert evidence.second is not None
    return evidence.second
