"""Records and decisions made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentlab.core.decision import Decision, Stage, Verdict
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from tests.search.wiring import Wiring

MakeRecord = Callable[..., TrialRecord]


@pytest.fixture
def make_record() -> MakeRecord:
    """Returns one record of a candidate."""

    def make(
        candidate: str = "c", *, key: str = "k", success: float = 1.0, context: int = 100
    ) -> TrialRecord:
        return TrialRecord(
            key=key,
            bench="b",
            candidate=candidate,
            task="t",
            split="train",
            fate=Fate.SOLVED if success >= 1 else Fate.FAILED,
            outcome=Outcome(success=success),
            usage=Usage(context_tokens=context, cost_usd=0.5, prompt_tokens=7, completion_tokens=3),
        )

    return make


@pytest.fixture
def make_decision() -> Callable[..., Decision]:
    """Returns a decision about a candidate."""

    def make(
        candidate: str, verdict: Verdict = Verdict.DISCARDED, stage: Stage = "halving"
    ) -> Decision:
        return Decision(
            number=1,
            candidate=candidate,
            incumbent="i",
            source="mutation",
            label="x",
            verdict=verdict,
            stage=stage,
            reason="",
        )

    return make


@pytest.fixture
def wiring(tmp_path: Path) -> Iterator[Wiring]:
    """Yields a search's parts on the noisy world."""
    made = Wiring(tmp_path / "artefacts")
    yield made
    made.executor.close()
