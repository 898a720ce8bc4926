"""The meta-agent of typed edits."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Verdict
from agentlab.meta.checks import check_candidate
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.meta.normal_form import normal_form
from tests.meta.plain_lab import PlainLab


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_every_proposal_is_a_valid_new_edit(lab: PlainLab, baseline: Candidate, seed: int) -> None:
    found = MutationAgent().propose(lab, [baseline], count=4, seed=seed)
    assert len(found) == 4
    assert len({normal_form(candidate) for candidate in [baseline, *found]}) == 5
    for candidate in found:
        check_candidate(candidate, baseline, lab.target)
        assert candidate.parent == baseline.digest
        assert candidate.provenance == "typed"


def test_the_same_lab_and_seed_give_the_same_proposals(lab: PlainLab, baseline: Candidate) -> None:
    one, two = (MutationAgent().propose(lab, [baseline], count=5, seed=9) for _ in range(2))
    assert one == two


def test_what_was_proposed_is_not_proposed_again(lab: PlainLab, baseline: Candidate) -> None:
    first = MutationAgent().propose(lab, [baseline], count=5, seed=9)
    lab.others.extend(first)
    second = MutationAgent().propose(lab, [baseline], count=5, seed=9)
    assert not {normal_form(c) for c in first} & {normal_form(c) for c in second}


def test_a_number_moved_with_success_is_moved_on(lab: PlainLab, baseline: Candidate) -> None:
    lab.decide("mutation", "scale_number agent.py:3 400 -> 200", Verdict.KEPT)
    found = MutationAgent().propose(lab, [baseline], count=1, seed=1)
    assert found[0].label == "step_number agent.py:3 200 -> 100"


@pytest.mark.parametrize("editable", [("*.md",), ()])
def test_a_target_with_nothing_to_edit_gets_no_proposals(
    lab: PlainLab, baseline: Candidate, editable: tuple[str, ...]
) -> None:
    lab.target = TargetSpec(editable=editable)
    assert list(MutationAgent().propose(lab, [baseline], count=3, seed=1)) == []
