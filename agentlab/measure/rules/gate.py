"""The rule `gate`, for fixed data: a pooled paired test, and one bit from a hidden split.

Without fresh seeds the same items decide again and again, and what is tuned to them looks better
than it is. So train items, which the search may use as it likes, are tested first; who passes is
measured on validation, of which nothing is ever told but whether it agreed (the idea of the Ladder,
Blum and Hardt, ICML 2015, and of Thresholdout, Dwork et al., Science 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.core.decision import Cause, Verdict
from agentlab.core.objective import GateRule
from agentlab.measure.evidence import Evidence, guard_words
from agentlab.measure.gain_words import gain_words
from agentlab.measure.pairing import FloatArray
from agentlab.measure.rules.rule import Case, Look, Reading
from agentlab.measure.t_test import is_above_zero, t_statistic

__all__ = ["Gate"]


class Gate:
    """Keeps what both splits together show, if the hidden one alone is in favour."""

    halves = True
    is_test = True
    worthwhile = 0.0
    looks: Sequence[Look] = (Look("train"), Look(is_hidden=True))

    def __init__(self, given: GateRule) -> None:
        self._given = given
        self.siblings = given.siblings

    def read(self, case: Case) -> Reading:
        """Returns what train decides, then what the hidden split adds."""
        if case.looks_left:
            return self._on_train(case.evidence)
        return self._on_both(case.evidence, case.hidden)

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> None:
        """Returns nothing: what it sees is not measured in blocks."""

    def _on_train(self, evidence: Evidence) -> Reading:
        gain = evidence.gain
        if broken := evidence.broken_guards:
            words = f"guard broken: {guard_words(broken)}"
            return _reading(evidence, Verdict.DISCARDED, words, "guard")
        if gain.reach <= 0:
            return _reading(evidence, Verdict.DISCARDED, f"no better in {gain.metric}", "no better")
        if self._shows(gain.clusters):
            return _reading(evidence, None, "the hidden split is asked")
        return _reading(
            evidence,
            Verdict.UNDECIDED,
            f"{gain.clusters.size} clusters do not show it ({_words(gain.clusters)}); the hidden "
            "split was not asked",
            "noise",
        )

    def _on_both(self, evidence: Evidence, hidden: Evidence) -> Reading:
        """Returns one bit: whether the hidden split agrees. No reason says how far it does."""
        clusters = np.concatenate([evidence.gain.clusters, hidden.gain.clusters])
        agrees = (
            hidden.gain.mean > 0
            and self._shows(clusters)
            and not evidence.open_guards
            and not hidden.broken_guards
        )
        if agrees:
            words = gain_words(evidence)
            return _reading(evidence, Verdict.KEPT, f"{words}, and the hidden split agrees")
        return _reading(evidence, Verdict.DISCARDED, "the hidden split does not agree", "no better")

    def _shows(self, clusters: FloatArray) -> bool:
        return is_above_zero(clusters, alpha=self._given.alpha)


def _words(clusters: FloatArray) -> str:
    return f"t = {t_statistic(clusters):.2f}" if clusters.size > 1 else "too few"


def _reading(
    evidence: Evidence, verdict: Verdict | None, reason: str, cause: Cause | None = None
) -> Reading:
    return Reading(verdict, reason, None, evidence.gain.pairs, evidence.tested, cause)
