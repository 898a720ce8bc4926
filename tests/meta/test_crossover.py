"""What two proposals brought apart, brought together."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.meta.crossover import CrossoverAgent
from agentlab.testing.meta_agent_suite import MetaAgentSuite
from tests.meta.plain_lab import SOURCE, PlainLab

KNOBS = b"KNOBS = (0.6, 0.3, 0.5)"


class TestSuite(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> CrossoverAgent:
        return CrossoverAgent()

    def make_history(self, baseline: Candidate) -> Sequence[Candidate]:
        source = baseline.files["agent.py"]
        edits = ((KNOBS, b"KNOBS = (0.7, 0.3, 0.5)"), (b"done", b"over"), (b"Turns", b"Sets"))
        return [
            Candidate(
                files={**baseline.files, "agent.py": source.replace(old, new)},
                parent=baseline.digest,
                hypothesis=f"{new!r} is better",
                source="mutation",
                label=f"{new!r}",
                provenance="typed",
            )
            for old, new in edits
        ]


def add(
    lab: PlainLab,
    old: bytes,
    new: bytes,
    solved: str,
    *,
    verdict: Verdict = Verdict.UNDECIDED,
    parent: Candidate | None = None,
) -> Candidate:
    """Adds a proposal that solves the tasks named by letters, where its parent solves none."""
    parent = parent or lab.baseline
    files = {**parent.files, "agent.py": parent.files["agent.py"].replace(old, new)}
    made = Candidate(files=files, parent=parent.digest, hypothesis=new.decode(), provenance="typed")
    lab.others.append(made)
    for candidate, tasks in ((parent, ""), (made, solved)):
        lab.records.setdefault(candidate.digest, []).extend(
            TrialRecord(
                key=task,
                bench="b",
                candidate=candidate.digest,
                task=task,
                fate=Fate.FAILED,
                outcome=Outcome(success=float(task in tasks)),
            )
            for task in "abcd"
        )
    lab.decide("mutation", f"{new!r}", verdict, "halving", made.digest)
    decision = lab.decisions[-1].model_copy(update={"incumbent": parent.digest})
    lab.decisions[-1] = decision
    return made


def crossed(lab: PlainLab, parent: Candidate, count: int = 9) -> list[Candidate]:
    return list(CrossoverAgent().propose(lab, [parent], count=count, seed=1))


def test_two_edits_are_merged_onto_the_incumbent(lab: PlainLab, baseline: Candidate) -> None:
    add(lab, b"200", b"50", "ab")
    add(lab, b'"a"', b'"b"', "cd")
    (made,) = crossed(lab, baseline)
    source = made.files["agent.py"]
    assert source == SOURCE.replace(b"200", b"50").replace(b'"a"', b'"b"')
    assert (made.parent, made.label) == (baseline.digest, "#1 with #2")
    assert made.hypothesis == 'together: 50; and "b"'


def test_edits_that_solve_other_tasks_come_before_those_that_solve_the_same(
    lab: PlainLab, baseline: Candidate
) -> None:
    add(lab, b"200", b"50", "abc")
    add(lab, b'"a"', b'"b"', "abc")
    add(lab, b"> 3", b"> 5", "d")
    assert [made.label for made in crossed(lab, baseline)] == [
        "#1 with #3",
        "#2 with #3",
        "#1 with #2",
    ]


def test_a_pair_in_conflict_is_left_out(lab: PlainLab, baseline: Candidate) -> None:
    add(lab, b"200", b"50", "ab")
    add(lab, b"200", b"70", "cd")
    assert crossed(lab, baseline) == []


def test_what_did_nothing_or_harm_is_not_crossed(lab: PlainLab, baseline: Candidate) -> None:
    add(lab, b"200", b"50", "ab")
    add(lab, b'"a"', b'"b"', "")
    lab.decide("mutation", "broken", Verdict.INVALID, "smoke")
    assert crossed(lab, baseline) == []


def test_what_was_promising_comes_to_a_candidate_that_was_kept_meanwhile(
    lab: PlainLab, baseline: Candidate
) -> None:
    add(lab, b'"a"', b'"b"', "c")
    kept = add(lab, b"200", b"50", "ab", verdict=Verdict.KEPT)
    other = add(lab, b"> 3", b"> 5", "ab", verdict=Verdict.KEPT, parent=kept)
    found = {made.files["agent.py"] for made in crossed(lab, other)}
    assert found == {other.files["agent.py"].replace(b'"a"', b'"b"')}


def test_what_a_model_wrote_stays_a_models(lab: PlainLab, baseline: Candidate) -> None:
    add(lab, b"200", b"50", "ab")
    written = add(lab, b'"a"', b'"b"', "cd")
    lab.others[-1] = written.model_copy(update={"provenance": "model"})
    (made,) = crossed(lab, baseline)
    assert made.provenance == "model"


def test_nothing_is_made_of_one_proposal(lab: PlainLab, baseline: Candidate) -> None:
    assert crossed(lab, baseline) == []
    add(lab, b"200", b"50", "ab")
    assert crossed(lab, baseline) == []
    add(lab, b'"a"', b'"b"', "cd")
    assert crossed(lab, baseline, count=0) == []
