"""What every meta-agent does, whatever its brain: inherit, give the agent, run with pytest.

class TestMyAgent(MetaAgentSuite):
    def make_agent(self, baseline):
        return MyAgent()
"""

# A test's name is its sentence.
# ruff: noqa: D102

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.search.lab import RunLab

__all__ = ["MetaAgentSuite"]

_TARGETS = Path(__file__).parent / "environments" / "targets"
_FROZEN = {"frozen.py": b"LIMIT = 3\n", "words.txt": b"one two three\n"}


class MetaAgentSuite:
    """Tests of one meta-agent, on a small target of which some files are frozen."""

    rounds = 5
    """How often it is asked, each time told what became of what it proposed."""

    def make_agent(self, baseline: Candidate) -> MetaAgent:
        """Returns a fresh agent that is to improve the baseline."""
        raise NotImplementedError("say which agent: override make_agent()")

    def make_history(self, baseline: Candidate) -> Sequence[Candidate]:
        """Returns what others proposed before, each of it better than the baseline on train."""
        return ()

    def make_baseline(self) -> Candidate:
        """Returns the target: the agent of the noisy world and two frozen files."""
        return Candidate(files={"agent.py": (_TARGETS / "noisy/agent.py").read_bytes(), **_FROZEN})

    def target(self) -> TargetSpec:
        """Returns what of it may be edited."""
        return TargetSpec(editable=("agent.py",))

    def test_its_name_is_one_short_word(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_-]{0,19}", self.make_agent(self.make_baseline()).name)

    @pytest.mark.parametrize("count", [1, 4])
    def test_it_proposes_something_and_never_more_than_asked(self, count: int) -> None:
        assert 1 <= len(_Asked(self).proposals(count=count)) <= count

    def test_the_same_lab_and_seed_give_the_same_candidates(self) -> None:
        first, again = (_Asked(self), _Asked(self))
        proposals = first.proposals(count=4, seed=3)

        assert first.proposals(count=4, seed=3) == proposals, "a second time"
        assert again.proposals(count=4, seed=3) == proposals, "another agent"

    def test_only_what_may_be_edited_is_edited_and_it_parses(self) -> None:
        asked = _Asked(self)
        for candidate in asked.all_rounds(self.rounds):
            before = asked.candidates[str(candidate.parent)].files
            changed = {
                path
                for path in before.keys() | candidate.files.keys()
                if before.get(path) != candidate.files.get(path)
            }
            assert changed
            assert all(self.target().is_editable(path) for path in changed), changed
            for path in changed & candidate.files.keys():
                if path.endswith(".py"):
                    ast.parse(candidate.files[path])

    def test_no_candidate_is_proposed_twice(self) -> None:
        asked = _Asked(self)
        digests = [candidate.digest for candidate in asked.all_rounds(self.rounds)]

        assert len(set(digests)) == len(digests)
        assert asked.baseline.digest not in digests

    def test_a_candidate_says_where_it_comes_from(self) -> None:
        asked = _Asked(self)
        for candidate in asked.all_rounds(self.rounds):
            assert candidate.parent in asked.candidates
            assert candidate.source == asked.agent.name
            assert candidate.label.strip()
            assert candidate.hypothesis.strip()
            assert candidate.provenance != "baseline"

    def test_where_nothing_may_be_edited_it_has_nothing_to_propose(self) -> None:
        assert _Asked(self, TargetSpec(editable=())).proposals(count=4) == []

    def test_what_it_is_given_stays_as_it_is(self) -> None:
        asked = _Asked(self)
        before = dict(asked.baseline.files)
        asked.all_rounds(1)

        assert asked.baseline.files == before


class _Asked:
    """An agent in its lab."""

    def __init__(self, suite: MetaAgentSuite, target: TargetSpec | None = None) -> None:
        self.baseline = suite.make_baseline()
        self.agent = suite.make_agent(self.baseline)
        self.candidates = {self.baseline.digest: self.baseline}
        self._decisions = 0
        self._incumbent = self.baseline
        self._lab = RunLab(
            target=target or suite.target(),
            objective=Objective(),
            baseline=self.baseline,
            candidate=self.candidates.__getitem__,
        )
        for candidate in suite.make_history(self.baseline):
            self._tell_of(candidate)

    def _tell_of(self, candidate: Candidate) -> None:
        """Adds a proposal of another agent that solved the one train task, and was not kept."""
        for made, success in ((self.baseline, 0.0), (candidate, 1.0)):
            record = TrialRecord(
                key=made.digest,
                bench="",
                candidate=made.digest,
                task="train",
                split="train",
                fate=Fate.SOLVED if success else Fate.FAILED,
                outcome=Outcome(success=success),
            )
            self._lab.add_train_records([record])
        self.candidates[candidate.digest] = candidate
        self._lab.add_proposed([candidate])
        self._decisions += 1
        self._lab.add_decisions([self._decision(candidate, self.baseline, Verdict.UNDECIDED)])

    def proposals(self, *, count: int, seed: int = 0) -> list[Candidate]:
        parents = [self._incumbent]
        return list(self.agent.propose(self._lab, parents, count=count, seed=seed))

    def all_rounds(self, rounds: int) -> list[Candidate]:
        found: list[Candidate] = []
        for seed in range(rounds):
            proposals = self.proposals(count=3, seed=seed)
            found += proposals
            self._decide(proposals)
        assert found, "it proposed nothing"
        return found

    def _decide(self, proposals: Sequence[Candidate]) -> None:
        self.candidates |= {candidate.digest: candidate for candidate in proposals}
        self._lab.add_proposed(proposals)
        incumbent = self._incumbent
        for candidate in proposals:
            self._decisions += 1
            is_kept = self._decisions % 3 == 0
            self._incumbent = candidate if is_kept else self._incumbent
            verdict = Verdict.KEPT if is_kept else Verdict.DISCARDED
            self._lab.add_decisions([self._decision(candidate, incumbent, verdict)])

    def _decision(self, candidate: Candidate, incumbent: Candidate, verdict: Verdict) -> Decision:
        return Decision(
            number=self._decisions,
            candidate=candidate.digest,
            incumbent=incumbent.digest,
            source=candidate.source,
            label=candidate.label,
            verdict=verdict,
            stage="gate" if verdict is Verdict.KEPT else "halving",
            reason="every third is kept here",
        )
