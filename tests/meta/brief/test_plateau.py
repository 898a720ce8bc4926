"""Advice by the statistics of the run."""

from __future__ import annotations

from agentlab.core.decision import Decision, Verdict
from agentlab.meta.brief.plateau import plateau_advice


def history(failures: int) -> list[Decision]:
    return [
        Decision(
            number=number,
            candidate="c",
            incumbent="i",
            source="coding",
            label="",
            verdict=Verdict.DISCARDED,
            stage="halving",
            reason="",
            cause="no better",
        )
        for number in range(1, failures + 1)
    ]


def test_advice_grows_more_urgent_the_longer_nothing_is_kept() -> None:
    few, some, more, many = (plateau_advice(history(n)) for n in (3, 9, 20, 40))

    assert few == ""
    assert "Look again at what fails" in some
    assert "Change the approach itself" in more
    assert "plateau" in many


def test_a_keep_begins_another_stretch() -> None:
    kept = history(40)
    kept[-1] = kept[-1].model_copy(update={"verdict": Verdict.KEPT, "cause": None})

    assert plateau_advice(kept) == ""


def test_what_was_not_measured_counts_for_nothing() -> None:
    lost = [one.model_copy(update={"cause": "our side"}) for one in history(40)]

    assert plateau_advice(lost) == ""
