"""What a rule promises, and what canaries say of it."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Decision, Sample, Stage, Verdict
from agentlab.core.objective import GateRule, GreedyRule, PairedRule, StrictRule
from agentlab.measure.binomial import chance_of
from agentlab.measure.false_keeps import canaries_of, error_budget
from agentlab.measure.rules.strict import level_of

PAIRED, STRICT, GREEDY = PairedRule(), StrictRule(name="strict"), GreedyRule(name="greedy")


def decision(
    number: int,
    *,
    stage: Stage = "gate",
    verdict: Verdict = Verdict.DISCARDED,
    canary: Verdict | None = None,
    spread: float = 0.5,
) -> Decision:
    seen = Sample(metric="success", mean=0, spread=spread, clusters=12, blocks=1, is_binary=True)
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent="i",
        source="s",
        label="l",
        verdict=verdict,
        stage=stage,
        reason="",
        canary=canary,
        tested=(seen,),
        trials=10,
    )


def canary(
    number: int, *, stage: Stage = "gate", kept: bool = False, spread: float = 0.5
) -> Decision:
    said = Verdict.KEPT if kept else Verdict.UNDECIDED
    return decision(number, stage=stage, canary=said, spread=spread)


def test_the_budget_is_the_sum_of_the_levels_of_what_came_to_the_gate() -> None:
    decisions = [decision(1), decision(2, stage="halving"), decision(3, verdict=Verdict.KEPT)]
    budget = error_budget(decisions, PAIRED)
    assert budget is not None
    assert (budget.tested, budget.fdr) == (2, None)
    assert budget.false_keeps == pytest.approx(0.02)
    of_fixed_data = error_budget(decisions, GateRule(name="gate", alpha=0.05))
    assert of_fixed_data is not None
    assert of_fixed_data.false_keeps == pytest.approx(0.1)


def test_strict_promises_a_share_and_spends_levels_that_fall() -> None:
    decisions = [decision(number) for number in range(1, 6)]
    budget = error_budget(decisions, STRICT)
    assert budget is not None
    assert budget.fdr == STRICT.fdr
    levels = [level_of(decisions[:before], fdr=STRICT.fdr) for before in range(5)]
    assert budget.false_keeps == pytest.approx(sum(levels))


def test_what_is_no_test_promises_nothing_and_nor_does_what_tested_nobody() -> None:
    assert error_budget([decision(1)], GREEDY) is None
    assert error_budget([decision(1, stage="halving")], PAIRED) is None


def test_canaries_are_counted_with_the_exact_chance_of_their_keeps() -> None:
    seen = [canary(1, kept=True), canary(2), canary(3, stage="halving"), canary(4, spread=0.0)]
    found = canaries_of(seen, PAIRED, is_seeded=True)
    assert found is not None
    assert (found.asked, found.at_gate, found.kept, found.varied, found.trials) == (4, 3, 1, 3, 40)
    assert found.expected == pytest.approx(0.03)
    assert found.tail == pytest.approx(1 - 0.99**3)
    assert (found.rate.estimate, found.is_seeded) == (0.25, True)


def test_of_a_rule_that_is_no_test_the_rate_alone_is_told() -> None:
    found = canaries_of([canary(1, kept=True)], GREEDY, is_seeded=False)
    assert found is not None
    assert (found.kept, found.expected, found.tail) == (1, None, None)
    assert canaries_of([], GREEDY, is_seeded=True) is None


def test_a_canary_beside_a_run_is_tested_at_the_level_of_its_place() -> None:
    proposals = [decision(1), decision(2), decision(4)]
    found = canaries_of([canary(3, kept=True)], STRICT, proposals=proposals, is_seeded=True)
    assert found is not None
    assert found.expected == pytest.approx(level_of(proposals[:2], fdr=STRICT.fdr))


def test_in_an_aa_what_was_kept_raises_the_next_level_as_in_a_run() -> None:
    stream = [canary(1, kept=True), canary(2)]
    found = canaries_of(stream, STRICT, is_seeded=True)
    assert found is not None
    levels = [level_of([], fdr=STRICT.fdr), level_of(stream[:1], fdr=STRICT.fdr)]
    assert level_of(stream[:1], fdr=0.1) > level_of([canary(1)], fdr=0.1)
    assert found.expected == pytest.approx(sum(levels))
    assert found.tail == pytest.approx(chance_of(1, levels))
