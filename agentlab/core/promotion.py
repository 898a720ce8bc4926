"""What a promotion found: winner against incumbent on every benchmark, and what follows from it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.decision import Estimate
from agentlab.core.task import SplitName
from agentlab.core.value import Value

__all__ = [
    "BenchmarkReport",
    "Contender",
    "Evidence",
    "Finding",
    "Policy",
    "Promotion",
    "Reason",
    "Ruling",
]

Policy = Literal["no_regression", "beats_all"]
"""`no_regression`: a regression is ruled out everywhere, and a gain shown on one benchmark at
least. `beats_all`: a gain is shown on each as well."""


class Evidence(Value):
    """What the pairs say to one question."""

    answer: Literal["yes", "no", "open"]
    """`yes`: it is shown. `no`: it is out of reach. `open`: more seeds might tell."""

    e_value: float
    """Evidence for it."""

    e_needed: float
    """Evidence from which on it is shown."""

    blocks_needed: int | None = None
    """Seeds per task, all in all, after which what is open would probably be shown, its estimate
    taken for the truth; None where nothing is open or no number of seeds in sight is enough."""


class Finding(Value):
    """What the pairs of one benchmark show of one metric."""

    metric: str
    margin: float
    """How much worse is still no regression: absolute for `success`, else relative."""

    winner: Estimate | None
    """Mean over its trials, in the metric's own unit; None where nothing was measured."""

    incumbent: Estimate | None
    """The same of the incumbent."""

    improvement: Estimate | None
    """How much better the winner is: absolute for `success`, else relative, and for what is spent
    over the pairs that both solve; higher is better. None where there is no such pair."""

    clusters: int
    """Independent paired differences."""

    no_regression: Evidence
    """Whether it is worse by no more than the margin."""

    gain: Evidence | None
    """Whether it is better; None for a guard, whose gains count for nothing."""


class Reason(Value):
    """Why it was decided so, by benchmark and metric."""

    benchmark: str
    metric: str
    text: str


class Ruling(Value):
    """What a policy makes of the findings."""

    verdict: Literal["promoted", "refused", "undecided"]
    """`undecided` promotes nothing either: it takes more seeds."""

    reasons: tuple[Reason, ...]


class Contender(Value):
    """One of the two that were compared."""

    name: str
    """Where it is from: a run, or a folder."""

    digest: str
    """Its content address, as runs and trials name it."""

    files: dict[str, str]
    """SHA-256 of each file, hex, by path."""


class BenchmarkReport(Value):
    """One benchmark: what was measured on it, how, and what that shows."""

    name: str
    """The experiment's."""

    file: str
    """As it was given."""

    experiment: str
    """SHA-256 of the experiment's content: every setting, and every file of the folders that it
    names."""

    fingerprint: dict[str, str]
    """Versions that an outcome depends on: interpreter, packages, tokenizer, the environment's."""

    folders: dict[str, str]
    """SHA-256 of what the experiment names by path, by key: code and data of the environment,
    the target, ideas."""

    sandbox: str
    split: SplitName
    seeds: dict[str, tuple[int, ...]]
    """By task; the same for winner and incumbent."""

    blocks: int | None
    """Seeds per task; None for a fixed data set, which has no more of them."""

    trials: int
    """Of both together."""

    infra_trials: int = Field(ge=0)
    """Attempts lost to our side and measured again."""

    findings: tuple[Finding, ...]
    """The objective first, then each guard."""


class Promotion(Value):
    """The record of a promotion, whatever was decided."""

    version: str
    """Of agentlab."""

    decided_at: str
    """ISO 8601, UTC."""

    policy: Policy
    winner: Contender
    incumbent: Contender
    benchmarks: tuple[BenchmarkReport, ...]
    ruling: Ruling
