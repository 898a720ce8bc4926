"""What every proposal is looked at for before it leaves."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate
from agentlab.meta.lab.check import complaint
from tests.meta.lab.workshop import record

ONE, OTHER = Candidate(files={"agent.py": b"1"}), Candidate(files={"agent.py": b"2"})


def test_what_breaks_is_told() -> None:
    mine = [record(ONE, "a", 0.0, fate=Fate.CRASHED)]

    assert "it breaks: a seed 1: crashed" in complaint(mine, [record(OTHER, "a", 0.0)], Objective())


def test_what_broke_before_as_well_is_no_fault_of_the_edit() -> None:
    mine = [record(ONE, "a", 0.0, fate=Fate.TIMEOUT)]
    theirs = [record(OTHER, "a", 0.0, fate=Fate.TIMEOUT)]

    assert complaint(mine, theirs, Objective()) == ""


def test_what_our_side_lost_is_no_fault_of_the_edit() -> None:
    mine = [record(ONE, "a", 0.0, fate=Fate.INFRA)]

    assert complaint(mine, [record(OTHER, "a", 1.0)], Objective()) == ""


def test_what_looks_worse_beyond_noise_is_told_and_within_noise_is_not() -> None:
    theirs = [record(OTHER, "a", 1.0, seed=n) for n in range(6)]
    worse = [record(ONE, "a", 0.0, seed=n) for n in range(6)]
    unclear = [record(ONE, "a", float(n > 0), seed=n) for n in range(6)]

    assert "it looks worse: success -1.000" in complaint(worse, theirs, Objective())
    assert complaint(unclear, theirs, Objective()) == ""
    assert complaint(theirs, theirs, Objective()) == ""
