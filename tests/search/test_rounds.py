"""Rounds: who may change what, what each may spend, and the same history after a kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Verdict
from agentlab.search.budget import Budget
from tests.search.two_parts import ADDITIVE, BASELINE, TRAP, Asked, TwoParts, rounds_like
from tests.search.wiring import MemoryJournal

IDEAS = (
    {"rank": "tuned"},
    {"prompt": "sharp"},
    {"rank": "worse"},
    {"prompt": "worse"},
    {"rank": "other", "prompt": "sharp"},
)
ONE_BY_ONE: tuple[dict[str, object], ...] = ({"open": ["ranking"]}, {"open": ["prompt"]})
TOGETHER: tuple[dict[str, object], ...] = (
    {"open": ["ranking"]},
    {"open": ["prompt"], "earlier": "open"},
)


def test_each_round_starts_from_the_best_so_far_with_its_own_components_open(
    tmp_path: Path,
) -> None:
    run = TwoParts(ADDITIVE, tmp_path)
    ended = run.run(Asked(*IDEAS), rounds_like(*ONE_BY_ONE))
    assert [(one.name, one.proposals, one.kept) for one in ended.results] == [
        ("ranking", 2, 1),
        ("prompt", 2, 1),
    ]
    files = ended.found.winner.files
    assert (files["rank.md"], files["prompt.md"]) == (b"tuned", b"sharp")
    assert [decision.round for decision in ended.found.decisions] == [1, 1, 2, 2]
    first_of_second = ended.found.decisions[2]
    assert run.journal.candidate(first_of_second.incumbent).files["rank.md"] == b"tuned"


def test_a_proposal_for_a_closed_component_is_refused_and_the_meta_agent_is_told_why(
    tmp_path: Path,
) -> None:
    others = [{"rank": f"r{number}"} for number in range(12)]
    agent = Asked({"prompt": "sharp"}, *others, heeds=False)
    ended = TwoParts(ADDITIVE, tmp_path).run(agent, rounds_like({"open": ["ranking"]}))
    refused = next(one for one in ended.found.decisions if "sharp" in one.label)
    assert (refused.verdict, refused.stage, refused.trials) == (Verdict.INVALID, "static", 0)
    assert refused.reason == (
        "prompt.md: changed, but of component 'prompt', closed in this round (open: ranking)"
    )
    assert refused.reason in agent.told[-1]


def test_what_failed_in_an_earlier_round_may_be_tried_in_a_later_one(tmp_path: Path) -> None:
    agent = Asked(*IDEAS)
    ended = TwoParts(TRAP, tmp_path).run(agent, rounds_like(*TOGETHER))
    files = ended.found.winner.files
    assert (files["rank.md"], files["prompt.md"]) == (b"other", b"sharp")
    second = [told for told in agent.told if not told]
    assert len(second) >= 2, "a round begins without what was decided before"


def test_rounds_share_the_proposals_of_the_run(tmp_path: Path) -> None:
    many = [{"rank": f"r{number}"} for number in range(30)]
    many += [{"prompt": f"p{number}"} for number in range(30)]
    run = TwoParts(ADDITIVE, tmp_path)
    ended = run.run(Asked(*many), rounds_like(*ONE_BY_ONE), budget=Budget(candidates=14))
    assert [one.proposals for one in ended.results] == [7, 7]
    assert [one.stopped_by for one in ended.results] == [
        "its share of candidates",
        "budget: candidates",
    ]
    assert [decision.number for decision in ended.found.decisions] == list(range(1, 15))


def test_a_round_may_have_proposals_of_its_own_and_leaves_the_rest(tmp_path: Path) -> None:
    many = [{"rank": f"r{number}"} for number in range(30)]
    many += [{"prompt": f"p{number}"} for number in range(30)]
    rounds = rounds_like({**ONE_BY_ONE[0], "proposals": 3}, ONE_BY_ONE[1])
    ended = TwoParts(ADDITIVE, tmp_path).run(Asked(*many), rounds, budget=Budget(candidates=14))
    assert [one.proposals for one in ended.results] == [3, 11]


def test_a_round_leaves_trials_to_those_after_it(tmp_path: Path) -> None:
    many = [{"rank": f"r{number}"} for number in range(60)]
    many += [{"prompt": f"p{number}"} for number in range(60)]
    run = TwoParts(ADDITIVE, tmp_path)
    ended = run.run(Asked(*many), rounds_like(*ONE_BY_ONE), budget=Budget(trials=2000))
    first, second = ended.results
    assert first.stopped_by == "its share of trials"
    assert 900 <= first.trials < 1200, "nine tenths of its half, and its last batch"
    assert second.proposals > 0


def test_patience_ends_a_round_and_numbers_go_on_without_a_gap(tmp_path: Path) -> None:
    many = [{"rank": f"r{number}"} for number in range(30)]
    many += [{"prompt": "sharp"}]
    run = TwoParts(ADDITIVE, tmp_path)
    ended = run.run(
        Asked(*many), rounds_like(*ONE_BY_ONE), patience=4, budget=Budget(candidates=40)
    )
    assert ended.results[0].stopped_by == "4 proposals without a keep"
    numbers = [decision.number for decision in ended.found.decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    assert ended.results[1].kept == 1


def test_a_budget_that_ends_the_run_ends_all_rounds(tmp_path: Path) -> None:
    agent = Asked(*IDEAS)
    ended = TwoParts(ADDITIVE, tmp_path).run(
        agent, rounds_like(*ONE_BY_ONE), budget=Budget(wall_s=10), elapsed_s=11.0
    )
    (only,) = ended.results
    assert only.stopped_by == "budget: wall_s"
    assert ended.found.winner == BASELINE


def cut(journal: MemoryJournal, *, trials: int, batches: int, stops: int) -> MemoryJournal:
    """Returns what a kill would have left."""
    left = MemoryJournal()
    left.trials = dict(list(journal.trials.items())[:trials])
    left.candidates = dict(journal.candidates)
    left.batches = {n: batch for n, batch in journal.batches.items() if n <= batches}
    left.stops = journal.stops[:stops]
    return left


@pytest.mark.parametrize("rounds", [ONE_BY_ONE, TOGETHER])
def test_killed_at_any_instant_it_goes_on_to_the_same_history(
    tmp_path: Path, rounds: tuple[dict[str, object], ...]
) -> None:
    whole = TwoParts(TRAP, tmp_path)
    expected = whole.run(Asked(*IDEAS), rounds_like(*rounds))
    whole.desk.flush()
    total, batches, stops = (
        len(whole.journal.trials), max(whole.journal.batches), len(whole.journal.stops),
    )  # fmt: skip
    for tenth in range(11):
        left = cut(
            whole.journal,
            trials=total * tenth // 10,
            batches=batches * tenth // 10,
            stops=stops * tenth // 10,
        )
        again = TwoParts(TRAP, tmp_path, journal=left)
        assert again.run(Asked(*IDEAS), rounds_like(*rounds)) == expected
        assert again.spending.trials == whole.spending.trials
    assert again.desk.measured == 0, "with the whole log nothing is measured again"
