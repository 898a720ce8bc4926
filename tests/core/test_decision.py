"""What a decision says of itself."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Decision, Verdict


def decision(verdict: Verdict, canary: Verdict | None = None) -> Decision:
    return Decision(
        number=1,
        candidate="c",
        incumbent="i",
        source="s",
        label="l",
        verdict=verdict,
        stage="gate",
        reason="",
        canary=canary,
    )


@pytest.mark.parametrize(
    ("verdict", "canary", "is_canary", "is_passed"),
    [
        (Verdict.KEPT, None, False, True),
        (Verdict.DISCARDED, None, False, False),
        (Verdict.DISCARDED, Verdict.KEPT, True, True),
        (Verdict.UNDECIDED, Verdict.UNDECIDED, True, False),
    ],
)
def test_what_the_rule_let_pass_is_told_of_proposals_and_of_canaries(
    verdict: Verdict, canary: Verdict | None, is_canary: bool, is_passed: bool
) -> None:
    found = decision(verdict, canary)
    assert (found.is_canary, found.is_passed) == (is_canary, is_passed)
