"""What is optimised, which guards must hold, which rule decides."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from agentlab.core.value import Value

__all__ = [
    "ConfirmRule",
    "GateRule",
    "GreedyRule",
    "Guard",
    "KeepRule",
    "MinDeltaRule",
    "Objective",
    "PairedRule",
    "StrictRule",
]


class Guard(Value):
    """A metric that must not get worse by more than a margin, tested as non-inferiority."""

    metric: str
    """`success`, `context_tokens`, `cost_usd`, `steps` or one of the environment's own."""

    margin: float = Field(gt=0, lt=1)
    """How much worse is still acceptable: absolute for `success`, else relative (0.05 is 5 %)."""


class _Halved(Value):
    siblings: int = Field(default=4, ge=1)
    """Candidates of one batch; successive halving picks the one that goes to the gate."""


class _Sequential(_Halved):
    max_blocks: int = Field(default=48, ge=1)
    """Blocks of fresh seeds (each validation task once) before the gate says `undecided`."""

    worthwhile: float = Field(default=0.01, gt=0)
    """Improvement worth finding; the gate stops for futility when it is out of reach."""


class PairedRule(_Sequential):
    """Successive halving among siblings, then an anytime-valid paired test on fresh seeds."""

    name: Literal["paired"] = "paired"
    """Which rule."""

    alpha: float = Field(default=0.01, gt=0, lt=1)
    """Chance that a candidate that is no improvement is kept."""


class StrictRule(_Sequential):
    """As `paired`, at levels that bound the share of false keeps over the whole run."""

    name: Literal["strict"]
    """Which rule."""

    fdr: float = Field(default=0.10, gt=0, lt=1)
    """Expected share of false ones among all that is kept (false discovery rate), in total."""


class GateRule(_Halved):
    """For fixed data: a pooled paired test on train, then one bit from the hidden validation."""

    name: Literal["gate"]
    """Which rule. Taken by itself where data are fixed and no rule is given."""

    alpha: float = Field(default=0.02, gt=0, lt=1)
    """Level of the pooled test."""


class GreedyRule(Value):
    """Keeps whatever scored higher on one block, the same for all. No test."""

    name: Literal["greedy"]
    """Which rule."""


class MinDeltaRule(Value):
    """Keeps whatever scored higher by enough on one block, the same for all. No test."""

    name: Literal["min_delta"]
    """Which rule."""

    delta: float = Field(gt=0)
    """How much higher: absolute for `success`, else relative (0.05 is 5 %)."""


class ConfirmRule(Value):
    """Keeps whatever scored higher on one block, and higher again on a second. No test."""

    name: Literal["confirm"]
    """Which rule."""


KeepRule = Annotated[
    PairedRule | StrictRule | GateRule | GreedyRule | MinDeltaRule | ConfirmRule,
    Field(discriminator="name"),
]
"""What decides whether a candidate takes the incumbent's place."""


class Objective(Value):
    """What a run looks for: one metric up or down, under guards."""

    maximise: str | None = None
    """The metric to raise; `success` if neither is given."""

    minimise: str | None = None
    """The metric to lower."""

    guards: tuple[Guard, ...] = ()
    """Metrics that must not get worse."""

    rule: KeepRule = PairedRule()
    """What decides: a name, or `{name, ...}`; `paired`, and `gate` where data are fixed."""

    @field_validator("rule", mode="before")
    @classmethod
    def _short_rule(cls, given: Any) -> Any:  # Any: whatever the file holds
        if isinstance(given, str):
            return {"name": given}
        return {"name": "paired", **given} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _one_metric(self) -> Self:
        if self.maximise and self.minimise:
            raise ValueError("give `maximise` or `minimise`, not both")
        return self

    def for_data(self, *, is_seeded: bool) -> Objective:
        """Returns the objective with the rule that suits the data, where none was given."""
        if is_seeded or self.rule.model_fields_set:
            return self
        return self.model_copy(update={"rule": GateRule(name="gate")})

    @property
    def metric(self) -> str:
        """The metric that the gate tests."""
        return self.minimise or self.maximise or "success"

    @property
    def direction(self) -> Literal["higher", "lower"]:
        """Which way of the metric is better."""
        return "lower" if self.minimise else "higher"
