"""Records made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord

MakeRecords = Callable[..., list[TrialRecord]]


@pytest.fixture
def make_records() -> MakeRecords:
    """Returns records of one candidate from successes (None: lost to our side) and contexts."""

    def make(
        successes: Sequence[float | None],
        *,
        candidate: str = "c",
        context: int | Sequence[int] = 100,
        fate: Fate | None = None,
        progress: float | None = None,
    ) -> list[TrialRecord]:
        contexts = [context] * len(successes) if isinstance(context, int) else list(context)
        return [
            TrialRecord(
                key=f"{candidate}{place}",
                bench="b",
                candidate=candidate,
                task="t",
                split="validation",
                seed=place,
                cluster=f"t#{place}",
                fate=Fate.INFRA
                if success is None
                else fate or (Fate.SOLVED if success >= 1 else Fate.FAILED),
                outcome=None
                if success is None or (fate is not None and not fate.is_judged)
                else Outcome(success=success, progress=progress),
                usage=Usage(context_tokens=contexts[place]),
            )
            for place, success in enumerate(successes)
        ]

    return make
