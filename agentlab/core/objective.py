"""What is optimised, which guards must hold, which rule decides."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    Tag,
    field_validator,
    model_serializer,
    model_validator,
)

from agentlab.core.bound import Bound, parse_bound
from agentlab.core.formula import composite
from agentlab.core.value import EachOnce, Value

__all__ = [
    "AnyGuard",
    "ConfirmRule",
    "GateRule",
    "GreedyRule",
    "Guard",
    "KeepRule",
    "MinDeltaRule",
    "Objective",
    "PairedRule",
    "StrictRule",
    "Then",
]


class Guard(Value):
    """A metric that must not get worse by more than a margin, tested as non-inferiority."""

    metric: str
    """`success`, `context_tokens`, `cost_usd`, `steps` or one of the environment's own."""

    margin: float = Field(gt=0, lt=1)
    """How much worse is still acceptable: absolute for `success`, else relative (0.05 is 5 %)."""


def _read_bound(given: Any) -> Any:  # Any: whatever the file holds
    return parse_bound(given) if isinstance(given, str) else given


def _guard_kind(given: Any) -> str:  # Any: as above
    return "text" if isinstance(given, str | Bound) else "mapping"


_BoundLine = Annotated[
    Bound, BeforeValidator(_read_bound), PlainSerializer(str, return_type=str), Tag("text")
]

AnyGuard = Annotated[Annotated[Guard, Tag("mapping")] | _BoundLine, Discriminator(_guard_kind)]
"""A line such as `success >= 0.90`, or `{metric, margin}`."""


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


class _Aim(Value):
    maximise: str | None = None
    """The metric to raise, or a sum such as `0.8*success + 0.2*mrr`."""

    minimise: str | None = None
    """The metric to lower, or a sum."""

    @field_validator("maximise", "minimise")
    @classmethod
    def _canonical(cls, given: str | None) -> str | None:
        formula = composite(given) if given else None
        return given if formula is None else str(formula)

    @model_validator(mode="after")
    def _one_metric(self) -> Self:
        if self.maximise and self.minimise:
            raise ValueError("give `maximise` or `minimise`, not both")
        return self

    @property
    def metric(self) -> str:
        """The metric that the gate tests, or the sum that stands in its place."""
        return self.minimise or self.maximise or "success"

    @property
    def direction(self) -> Literal["higher", "lower"]:
        """Which way of the metric is better."""
        return "lower" if self.minimise else "higher"


class Then(_Aim):
    """What is improved where the first metric is as good as it was."""

    margin: float = Field(default=0.05, gt=0, lt=1)
    """How much worse the first may be then, shown as a guard is: absolute for `success`, `progress`
    and sums, else relative."""

    @model_validator(mode="after")
    def _some_metric(self) -> Self:
        if not (self.maximise or self.minimise):
            raise ValueError("give `maximise` or `minimise`")
        return self


class Objective(_Aim):
    """What a run looks for: a metric up or down, and another where it stays, under guards."""

    maximise: str | None = None
    """The metric to raise, or a sum such as `0.8*success + 0.2*mrr`; `success` if neither is
    given."""

    then: Then | None = None
    """A second aim, which is reason enough to keep where the first is shown to be no worse."""

    guards: Annotated[tuple[AnyGuard, ...], EachOnce] = ()
    """What must hold as well: lines such as `success >= 0.90`, `context_tokens <= 1.05x` or
    `p95(wall_s) <= 10`, or metrics that must not get worse by more than a margin."""

    rule: KeepRule = PairedRule()
    """What decides: a name, or `{name, ...}`; `paired`, and `gate` where data are fixed."""

    @field_validator("rule", mode="before")
    @classmethod
    def _short_rule(cls, given: Any) -> Any:  # Any: whatever the file holds
        if isinstance(given, str):
            return {"name": given}
        return {"name": "paired", **given} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _another_metric(self) -> Self:
        if self.then is not None and self.then.metric == self.metric:
            raise ValueError(f"then: `{self.metric}` is the first metric already; name another")
        return self

    @model_serializer(mode="wrap")
    def _without_second(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leaves out a second aim that there is not, so that content without one stays the same."""
        dumped: dict[str, Any] = dump(self)  # Any: whatever the fields hold
        if self.then is None:
            dumped.pop("then", None)
        return dumped

    def for_data(self, *, is_seeded: bool) -> Objective:
        """Returns the objective with the rule that suits the data, where none was given."""
        if is_seeded or self.rule.model_fields_set:
            return self
        return self.model_copy(update={"rule": GateRule(name="gate")})

    @property
    def second(self) -> Objective | None:
        """The second aim as an objective of its own: the first metric is one of its guards."""
        if self.then is None:
            return None
        return Objective(
            maximise=self.then.maximise,
            minimise=self.then.minimise,
            guards=(Guard(metric=self.metric, margin=self.then.margin), *self.guards),
            rule=self.rule,
        )

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that it is about: metrics and sums, then the parts of sums, then what is guarded."""
        aims = (self.metric, *([self.then.metric] if self.then else []))
        parts = [part for aim in aims if (formula := composite(aim)) for part in formula.metrics]
        return tuple(dict.fromkeys((*aims, *parts, *(guard.metric for guard in self.guards))))
