"""Trying a bank of ideas."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.errors import InputError
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import Change, Idea
from tests.meta.plain_lab import SOURCE, PlainLab


def idea(name: str, old: str, new: str) -> Idea:
    return Idea(name, f"title of {name}", "because", "somebody", (Change("agent.py", old, new),))


BANK = (
    idea("more", "LIMIT = 200\n", "LIMIT = 400\n"),
    idea("other", '    return {"found": len(found), "kind": "a"}\n', "    return {}\n"),
    idea("less", "LIMIT = 200\n", "LIMIT = 100\n"),
)


def labels(found: Sequence[Candidate]) -> list[str]:
    """Returns the labels of the single ideas."""
    return [candidate.label for candidate in found if "+" not in candidate.label]


def test_ideas_come_in_the_order_of_the_bank(lab: PlainLab, baseline: Candidate) -> None:
    agent = IdeasAgent(BANK, written_against=baseline)
    assert labels(agent.propose(lab, [baseline], count=9, seed=0)) == ["more", "other", "less"]


def test_a_decided_idea_is_not_tried_again(lab: PlainLab, baseline: Candidate) -> None:
    agent = IdeasAgent(BANK, written_against=baseline)
    lab.decide("ideas", "more", Verdict.DISCARDED)
    assert labels(agent.propose(lab, [baseline], count=4, seed=0)) == ["other", "less"]


def test_an_undecided_idea_is_tried_again_once_the_incumbent_changed(
    lab: PlainLab, baseline: Candidate
) -> None:
    agent = IdeasAgent(BANK[:2], written_against=baseline)
    lab.decide("ideas", "other", Verdict.UNDECIDED, "halving")
    lab.decide("ideas", "more", Verdict.KEPT)
    assert labels(agent.propose(lab, [baseline], count=3, seed=1)) == []
    files = apply_idea(BANK[0], baseline.files)
    assert files is not None
    incumbent = baseline.with_files(files, parent=baseline.digest)
    (again,) = agent.propose(lab, [incumbent], count=1, seed=0)
    assert again.label == "other"
    assert b"LIMIT = 400" in again.files["agent.py"]
    assert again.parent == incumbent.digest


def test_an_idea_that_met_a_keep_on_its_way_is_made_anew_for_the_incumbent(
    lab: PlainLab, baseline: Candidate
) -> None:
    agent = IdeasAgent(BANK[:1], written_against=baseline)
    lab.decide("ideas", "more", Verdict.UNDECIDED, "static")
    (again,) = agent.propose(lab, [baseline], count=1, seed=0)
    assert again.label == "more"


def test_an_idea_that_conflicts_with_the_incumbent_is_skipped_and_named(
    lab: PlainLab, baseline: Candidate
) -> None:
    files = apply_idea(BANK[0], baseline.files)
    assert files is not None
    incumbent = baseline.with_files(files, parent=baseline.digest)
    agent = IdeasAgent(BANK, written_against=baseline)
    lab.decide("ideas", "more", Verdict.KEPT)
    assert labels(agent.propose(lab, [incumbent], count=3, seed=1)) == ["other"]
    assert agent.conflicts(incumbent) == ["less"]


def test_ideas_that_do_not_fit_the_target_are_left_out_and_named(baseline: Candidate) -> None:
    bad = idea("bad", "nothing like it\n", "x\n")
    assert IdeasAgent([*BANK, bad], written_against=baseline).misfits == ("bad",)
    assert IdeasAgent(BANK, written_against=baseline).misfits == ()
    with pytest.raises(InputError, match=r"none of 1 fits the target: .*'bad'"):
        IdeasAgent([bad], written_against=baseline)


def test_old_lines_that_stand_twice_fit_nowhere(baseline: Candidate) -> None:
    assert apply_idea(idea("twice", "limit", "most"), baseline.files) is None


def test_an_empty_search_makes_a_new_file(baseline: Candidate) -> None:
    new = Idea("new", "t", "h", "a", (Change("words.py", "", "X = 1\n"),))
    files = apply_idea(new, baseline.files)
    assert files is not None
    assert files["words.py"] == b"X = 1\n"
    assert files["agent.py"] == SOURCE


def test_ideas_are_tried_together_as_well(lab: PlainLab, baseline: Candidate) -> None:
    agent = IdeasAgent(BANK, written_against=baseline)
    together, single = agent.propose(lab, [baseline], count=2, seed=0)
    assert (together.label, single.label) == ("more+other", "more")
    assert b"LIMIT = 400" in together.files["agent.py"]
    assert b"return {}" in together.files["agent.py"]
    assert "title of other" in together.hypothesis


def test_a_bundle_left_undecided_is_tried_again_on_another_incumbent(
    lab: PlainLab, baseline: Candidate
) -> None:
    bank = [one._replace(name=f"00{number}-{one.name}") for number, one in enumerate(BANK)]
    agent = IdeasAgent(bank, written_against=baseline)
    for name in (one.name for one in bank):
        lab.decide("ideas", name, Verdict.INVALID)
    lab.decide("ideas", "000+001", Verdict.UNDECIDED)
    changed = baseline.files["agent.py"].replace(b"red green", b"green")
    incumbent = baseline.with_files({**baseline.files, "agent.py": changed}, parent="p")
    (again,) = agent.propose(lab, [incumbent], count=1, seed=0)
    assert again.label == "000+001"
