"""`strict`: levels from the log alone, that bound the share of false keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.decision import Decision, Stage, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective, StrictRule
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.rule import Case
from agentlab.measure.rules.strict import Strict, level_of

RULE = StrictRule(name="strict")


def decision(verdict: Verdict, stage: Stage = "gate") -> Decision:
    return Decision(
        number=1,
        candidate="c",
        incumbent="i",
        source="s",
        label="l",
        verdict=verdict,
        stage=stage,
        reason="",
    )


DISCARDED, KEPT = decision(Verdict.DISCARDED), decision(Verdict.KEPT)
gates = st.lists(st.sampled_from([DISCARDED, KEPT]), max_size=40)


def test_a_test_lowers_the_next_level_and_a_keep_raises_it() -> None:
    first, after_none = level_of([], fdr=0.1), level_of([DISCARDED], fdr=0.1)
    assert level_of([KEPT], fdr=0.1) == pytest.approx(2 * after_none)
    assert after_none < first < 0.01


def test_what_did_not_come_to_the_gate_was_no_test() -> None:
    halved = decision(Verdict.DISCARDED, "halving")
    assert level_of([halved] * 9, fdr=0.1) == level_of([], fdr=0.1)


def test_levels_without_a_keep_add_up_to_no_more_than_what_is_asked() -> None:
    total = sum(level_of([DISCARDED] * tests, fdr=0.1) for tests in range(300))
    assert 0.03 < total < 0.1


@given(gates)
def test_a_level_is_never_above_its_share_of_all_keeps(earlier: list[Decision]) -> None:
    kept = sum(one.verdict is Verdict.KEPT for one in earlier)
    assert 0 < level_of(earlier, fdr=0.1) <= 0.1 * (kept + 1)


def test_the_same_evidence_is_kept_early_and_not_late() -> None:
    evidence = Evidence(Objective(), Traits())
    evidence.gain.add((str(win), 1.0) for win in range(12))
    assert 1 / 0.009 < math.exp(evidence.gain.log_e) < 1 / level_of([DISCARDED] * 30, fdr=0.1)
    rule = Strict(RULE)
    assert rule.read(Case(evidence, evidence, 0, ())).verdict is Verdict.KEPT
    late = rule.read(Case(evidence, evidence, 0, [DISCARDED] * 30))
    assert late.verdict is Verdict.UNDECIDED


def test_the_expected_share_of_false_keeps_is_bounded_where_hardly_anything_helps() -> None:
    rule, shares = Strict(RULE), []
    for seed in range(60):
        generator, earlier, false = np.random.default_rng(seed), list[Decision](), 0
        for number in range(20):
            mean = 0.3 if number % 10 == 9 else 0.0
            evidence = Evidence(Objective(), Traits())
            wins = (0.4 + mean) / 2
            drawn = generator.choice([1.0, 0.0, -1.0], size=150, p=[wins, 0.6, 0.4 - wins])
            evidence.gain.add((str(place), value) for place, value in enumerate(drawn))
            verdict = rule.read(Case(evidence, evidence, 0, earlier)).verdict
            earlier.append(KEPT if verdict is Verdict.KEPT else DISCARDED)
            false += verdict is Verdict.KEPT and mean == 0.0
        shares.append(false / max(1, earlier.count(KEPT)))
    assert np.mean(shares) <= 0.1
    assert min(shares) == 0.0
