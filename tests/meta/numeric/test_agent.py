"""The meta-agent that moves numbers, in its lab."""

from __future__ import annotations

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Sample, Verdict
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.meta.numeric.agent import NumericAgent
from agentlab.testing.meta_agent_suite import MetaAgentSuite
from tests.meta.plain_lab import PlainLab

SOURCE = b'''"""Knobs."""

FIRST, SECOND = 0.5, 8  # of two


def solve(goal, tools):
    return tools.turn(FIRST, SECOND)
'''


class TestSuite(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> NumericAgent:
        return NumericAgent()


def target() -> tuple[PlainLab, Candidate]:
    baseline = Candidate(files={"agent.py": SOURCE, "frozen.py": b"LIMIT = 3\n"})
    return PlainLab(baseline, TargetSpec(editable=("agent.py",))), baseline


def record(candidate: str, task: int, success: float, progress: float | None) -> TrialRecord:
    return TrialRecord(
        key=f"{candidate}{task}",
        bench="b",
        candidate=candidate,
        task=str(task),
        split="train",
        fate=Fate.SOLVED if success >= 1 else Fate.FAILED,
        outcome=Outcome(success=success, progress=progress),
        usage=Usage(steps=100 if candidate[0] > "7" else 50),
    )


def tell(
    lab: PlainLab,
    first: str,
    *,
    success: float = 0.0,
    progress: float | None = None,
    pairs: int = 12,
) -> Candidate:
    """Tells of a setting, and how it did beside a baseline with success and progress 0."""
    source = SOURCE.replace(b"0.5", first.encode())
    made = Candidate(
        files={**lab.baseline.files, "agent.py": source},
        parent=lab.baseline.digest,
        source="numeric",
        label=first,
    )
    lab.others.append(made)
    lab.records[lab.baseline.digest] = [
        record(lab.baseline.digest, task, 0.0, 0.0 if progress is not None else None)
        for task in range(pairs)
    ]
    lab.records[made.digest] = [
        record(made.digest, task, success, progress) for task in range(pairs)
    ]
    lab.decide("numeric", first, Verdict.UNDECIDED, "halving", made.digest)
    return made


def firsts(lab: PlainLab, parent: Candidate) -> list[bytes]:
    found = NumericAgent().propose(lab, [parent], count=40, seed=1)
    lines = [one.files["agent.py"].splitlines()[2] for one in found]
    return [line.split(b"= ")[1].split(b",")[0] for line in lines]


def test_several_numbers_move_at_once_and_only_in_what_may_be_edited() -> None:
    lab, baseline = target()
    found = NumericAgent().propose(lab, [baseline], count=20, seed=1)
    assert len(found) == 20
    assert {one.files["frozen.py"] for one in found} == {b"LIMIT = 3\n"}
    assert all(b"  # of two\n" in one.files["agent.py"] for one in found)
    both = [one for one in found if one.label.count("->") == 2]
    assert both
    assert "`" not in both[0].hypothesis, "a tuple of names is not a name"


def test_a_label_tells_the_numbers_and_the_hypothesis_their_names() -> None:
    baseline = Candidate(files={"agent.py": b"GAIN = 2.0\ndef solve(goal, tools):\n    pass\n"})
    (found,) = NumericAgent().propose(PlainLab(baseline), [baseline], count=1, seed=3)
    assert found.label.startswith("set agent.py:1 2.0 -> ")
    assert found.hypothesis == "other `GAIN`; expect higher success"


def test_what_did_better_on_train_is_gone_on_from_though_it_was_not_kept() -> None:
    lab, baseline = target()
    tell(lab, "0.75", success=1.0)
    tell(lab, "0.25", success=0.0)
    found = firsts(lab, baseline)
    assert found.count(b"0.75") > 4
    assert found.count(b"0.5") == 0


def test_progress_steers_where_success_stays_at_zero() -> None:
    lab, baseline = target()
    tell(lab, "0.75", progress=0.4)
    assert firsts(lab, baseline).count(b"0.75") > 4


def test_what_was_luck_on_train_tasks_is_not_gone_on_from() -> None:
    lab, baseline = target()
    tell(lab, "0.75", success=1.0)
    lucky = lab.decisions[-1]
    seen = Sample(metric="success", mean=-0.5, spread=0.5, clusters=60, blocks=5, is_binary=True)
    lab.decisions[-1] = lucky.model_copy(update={"stage": "gate", "tested": (seen,)})
    assert firsts(lab, baseline).count(b"0.75") == 0


def test_what_is_spent_is_compared_only_where_both_solve() -> None:
    lab, baseline = target()
    lab.objective = Objective(minimise="steps")
    made = tell(lab, "0.75", success=0.0)
    lab.records[made.digest] = [
        one.model_copy(update={"usage": Usage(steps=1)}) for one in lab.records[made.digest]
    ]
    assert firsts(lab, baseline).count(b"0.75") == 0, "cheap, but it solves nothing"
    for digest in (made.digest, baseline.digest):
        lab.records[digest] = [
            one.model_copy(update={"fate": Fate.SOLVED, "outcome": Outcome(success=1.0)})
            for one in lab.records[digest]
        ]
    lab.records[baseline.digest] = [
        one.model_copy(update={"usage": Usage(steps=9)}) for one in lab.records[baseline.digest]
    ]
    assert firsts(lab, baseline).count(b"0.75") > 4


def test_a_target_without_quantities_gives_nothing() -> None:
    baseline = Candidate(files={"agent.py": b"def solve(goal, tools):\n    return 0\n"})
    assert NumericAgent().propose(PlainLab(baseline), [baseline], count=4, seed=1) == []
