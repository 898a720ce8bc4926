"""What the phases of a run share."""

from __future__ import annotations

from typing import Any

from agentlab.experiment.parts import RunParts
from agentlab.search.finals import FinalPairs


def test_the_end_takes_two_trials_of_each_final_pair() -> None:
    unused: Any = None
    pair: Any = object()
    finals = FinalPairs(train=[pair], validation=[pair] * 3, test=[pair] * 4)
    parts = RunParts(unused, unused, unused, unused, unused, finals, unused)
    assert parts.last_trials == 2 * (1 + 3 + 4)
