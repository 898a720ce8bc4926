"""Drawing arms from the log of decisions."""

from __future__ import annotations

import random

from agentlab.core.decision import Decision, Verdict
from agentlab.meta.bandit import draw_arms, reward
from tests.meta.plain_lab import PlainLab

ARMS = {"one": 1.0, "two": 1.0}


def history(lab: PlainLab, verdicts: list[tuple[str, Verdict]]) -> list[tuple[str, Decision]]:
    for arm, verdict in verdicts:
        lab.decide(arm, arm, verdict, "gate" if verdict is Verdict.KEPT else "halving")
    return [(decision.source, decision) for decision in lab.decisions]


def test_the_same_seed_draws_the_same(lab: PlainLab) -> None:
    past = history(lab, [("one", Verdict.KEPT), ("two", Verdict.DISCARDED)])
    assert draw_arms(ARMS, past, random.Random(5)) == draw_arms(ARMS, past, random.Random(5))


def test_the_arm_that_was_kept_more_often_is_drawn_more_often(lab: PlainLab) -> None:
    past = history(lab, [("one", Verdict.KEPT), ("two", Verdict.DISCARDED)] * 6)
    generator = random.Random(1)
    firsts = [draw_arms(ARMS, past, generator)[0] for _ in range(200)]
    assert firsts.count("one") > 170


def test_every_arm_keeps_a_chance(lab: PlainLab) -> None:
    past = history(lab, [("one", Verdict.KEPT), ("two", Verdict.DISCARDED)] * 2)
    generator = random.Random(2)
    assert "two" in {draw_arms(ARMS, past, generator)[0] for _ in range(400)}


def test_reward_grows_with_the_stage_and_a_keep_is_the_most(lab: PlainLab) -> None:
    for stage in ("static", "smoke", "halving", "gate"):
        lab.decide("one", "x", Verdict.DISCARDED, stage)
    lab.decide("one", "x", Verdict.KEPT)
    rewards = [reward(decision) for decision in lab.decisions]
    assert rewards == sorted(rewards)
    assert rewards[-1] == 1.0
