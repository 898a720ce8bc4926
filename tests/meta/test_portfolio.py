"""Several sources in one run."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.portfolio import Portfolio
from tests.meta.plain_lab import PlainLab


class Numbers:
    """Proposes up to `most` candidates in all, each another number."""

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self._most = most

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        made = []
        for number in range(self._most):
            files = {"agent.py": f"def solve(g, t):\n    return '{self.name}{number}'\n".encode()}
            candidate = Candidate(files=files, parent=parents[0].digest, source=self.name)
            if candidate.digest not in lab.proposed:
                made.append(candidate)
        return made[:count]


def sources(found: Sequence[Candidate]) -> list[str]:
    return [candidate.source for candidate in found]


def test_the_batch_is_full_while_anyone_has_proposals(lab: PlainLab, baseline: Candidate) -> None:
    agents = Portfolio([Numbers("few", 1), Numbers("many", 50)])
    for seed in range(20):
        assert len(agents.propose(lab, [baseline], count=6, seed=seed)) == 6


def test_nothing_more_from_anyone_is_nothing(lab: PlainLab, baseline: Candidate) -> None:
    agents = Portfolio([Numbers("a", 0), Numbers("b", 0)])
    assert list(agents.propose(lab, [baseline], count=4, seed=1)) == []


def test_no_proposal_stands_twice(lab: PlainLab, baseline: Candidate) -> None:
    agents = Portfolio([Numbers("a", 3), Numbers("b", 3)])
    found = agents.propose(lab, [baseline], count=10, seed=1)
    assert len({candidate.digest for candidate in found}) == len(found) == 6


def test_the_same_log_and_seed_give_the_same_batch(lab: PlainLab, baseline: Candidate) -> None:
    agents = Portfolio([Numbers("a", 9), Numbers("b", 9)])
    one, two = (agents.propose(lab, [baseline], count=5, seed=3) for _ in range(2))
    assert one == two


def test_the_source_that_is_kept_gets_more(lab: PlainLab, baseline: Candidate) -> None:
    for _ in range(8):
        lab.decide("a", "x", Verdict.KEPT)
        lab.decide("b", "x", Verdict.DISCARDED, "halving")
    agents = Portfolio([Numbers("a", 99), Numbers("b", 99)])
    found = [
        s
        for seed in range(20)
        for s in sources(agents.propose(lab, [baseline], count=4, seed=seed))
    ]
    assert found.count("a") > 2 * found.count("b")
