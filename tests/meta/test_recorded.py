"""Proposals that were recorded, proposed once more."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.meta.recorded import RecordedAgent
from tests.meta.plain_lab import PlainLab


def recorded(baseline: Candidate, count: int) -> list[Candidate]:
    return [
        Candidate(
            files={**baseline.files, "agent.py": baseline.files["agent.py"] + b"# %d\n" % number},
            parent=baseline.digest,
        )
        for number in range(count)
    ]


def test_they_come_in_their_order_and_each_once(lab: PlainLab, baseline: Candidate) -> None:
    first, second, third = recorded(baseline, 3)
    agent = RecordedAgent([first, second, first, third])
    assert list(agent.propose(lab, [baseline], count=2, seed=1)) == [first, second]
    lab.others += [first, second]
    assert list(agent.propose(lab, [third], count=2, seed=9)) == [third]
    lab.others += [third]
    assert list(agent.propose(lab, [baseline], count=2, seed=1)) == []
