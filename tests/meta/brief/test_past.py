"""What an earlier proposal came to."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.meta.brief.past import past_line
from tests.meta.lab.workshop import PlainWorkshop, record


def test_it_tells_the_gates_word_the_tasks_that_moved_and_the_hypothesis(
    workshop: PlainWorkshop,
) -> None:
    base = workshop.baseline
    made = Candidate(files={"agent.py": b"x = 1\n"}, hypothesis="x is better")
    workshop.others.append(made)
    workshop.records = {
        base.digest: [record(base, "a", 0.0), record(base, "b", 1.0), record(base, "c", 1.0)],
        made.digest: [record(made, "a", 1.0), record(made, "b", 0.0), record(made, "c", 1.0)],
    }
    workshop.decide("coding", "make x", Verdict.DISCARDED, candidate=made.digest)

    shown = past_line(workshop, workshop.decisions[0])

    assert "#1 make x: discarded at gate" in shown
    assert "gained on train: a +1.00" in shown
    assert "lost on train: b -1.00" in shown
    assert "hypothesis: x is better" in shown


def test_where_nothing_moved_it_says_so(workshop: PlainWorkshop) -> None:
    base = workshop.baseline
    workshop.records = {base.digest: [record(base, "a", 0.0)]}
    workshop.decide("coding", "same", Verdict.KEPT)

    assert "no train task moved" in past_line(workshop, workshop.decisions[0])
