"""What a run or an evaluation found: the record that screens and `--json` are made of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.decision import Decision, Estimate
from agentlab.core.value import Value

__all__ = [
    "CandidateCounts",
    "EvaluationResult",
    "RunResult",
    "RunStatus",
    "Scores",
    "SplitScores",
]

Scores = dict[str, Estimate]
"""By metric: `success`, `context_tokens`, `cost_usd`, `steps` and the environment's own names."""

RunStatus = Literal["running", "completed", "interrupted", "stopped"]
"""`completed`: ended by its budget or for lack of proposals. `stopped`: nothing measurable."""


class SplitScores(Value):
    """Scores of one candidate, re-measured on fresh seeds after the search ended."""

    validation: Scores = Field(default_factory=dict)
    test: Scores = Field(default_factory=dict)


class CandidateCounts(Value):
    """How many proposals ended in which way."""

    proposed: int = 0
    kept: int = 0
    discarded: int = 0
    undecided: int = 0
    invalid: int = 0


class RunResult(Value):
    """The end of a run."""

    run: str
    """The run's folder name."""

    status: RunStatus
    verdict: str
    """One sentence: what the run found."""

    baseline: SplitScores = SplitScores()
    winner: SplitScores = SplitScores()
    difference: SplitScores = SplitScores()
    """Winner minus baseline, paired."""

    solved_by_both: SplitScores = SplitScores()
    """Difference over the pairs that both solve: where context and cost are comparable."""

    winner_digest: str = ""
    kept: tuple[Decision, ...] = ()
    candidates: CandidateCounts = CandidateCounts()
    trials: int = 0
    infra_trials: int = 0
    """Trials lost to our side and measured again."""

    wall_s: float = 0.0
    stopped_by: str = ""
    """Which budget ended the search, or why it could not go on."""

    sandbox: str = ""


class EvaluationResult(Value):
    """The scores of one target, without a search."""

    metrics: Scores
    tasks: dict[str, Scores]
    fates: dict[str, int]
    trials: int
    wall_s: float
    sandbox: str
