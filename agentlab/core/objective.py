"""What is optimised, which guards must hold, which rule decides."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agentlab.core.value import Value

__all__ = ["Guard", "KeepRule", "Objective"]


class Guard(Value):
    """A metric that must not get worse by more than a margin, tested as non-inferiority."""

    metric: str
    """`success`, `context_tokens`, `cost_usd`, `steps` or one of the environment's own."""

    margin: float = Field(gt=0, lt=1)
    """How much worse is still acceptable: absolute for `success`, else relative (0.05 is 5 %)."""


class KeepRule(Value):
    """Successive halving among siblings, then an anytime-valid paired test on fresh seeds."""

    alpha: float = Field(default=0.01, gt=0, lt=1)
    """Chance that a candidate that is no improvement is kept."""

    siblings: int = Field(default=4, ge=1)
    """Candidates of one batch; successive halving picks the one that goes to the gate."""

    max_blocks: int = Field(default=12, ge=1)
    """Blocks of fresh seeds (each validation task once) before the gate says `undecided`."""

    worthwhile: float = Field(default=0.03, gt=0)
    """Improvement worth finding; the gate stops for futility when it is out of reach."""


class Objective(Value):
    """What a run looks for: one metric up or down, under guards."""

    maximise: str | None = None
    """The metric to raise; `success` if neither is given."""

    minimise: str | None = None
    """The metric to lower."""

    guards: tuple[Guard, ...] = ()
    rule: KeepRule = KeepRule()

    @model_validator(mode="after")
    def _one_metric(self) -> Self:
        if self.maximise and self.minimise:
            raise ValueError("give `maximise` or `minimise`, not both")
        return self

    @property
    def metric(self) -> str:
        """The metric that the gate tests."""
        return self.minimise or self.maximise or "success"

    @property
    def direction(self) -> Literal["higher", "lower"]:
        """Which way of the metric is better."""
        return "lower" if self.minimise else "higher"
