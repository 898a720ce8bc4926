from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.result import SplitScores
from agentlab.core.task import SPLITS


def test_scores_are_found_by_the_name_of_their_split() -> None:
    given = {
        split: {"success": Estimate(estimate=place, low=place, high=place)}
        for place, split in enumerate(SPLITS)
    }
    scores = SplitScores.model_validate(given)

    assert {split: scores.of(split) for split in SPLITS} == given
