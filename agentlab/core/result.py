"""What a run or an evaluation found: the record that screens and `--json` are made of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.ceiling import Ceiling
from agentlab.core.decision import Decision, Estimate
from agentlab.core.front import Front
from agentlab.core.pictured import Pictured
from agentlab.core.readiness import Readiness
from agentlab.core.rounds import RoundResult
from agentlab.core.task import SplitName
from agentlab.core.value import Value

__all__ = [
    "Canaries",
    "CandidateCounts",
    "Comparison",
    "Detectable",
    "ErrorBudget",
    "EvaluationResult",
    "Nearest",
    "Remeasured",
    "RunResult",
    "RunStatus",
    "Scores",
    "SplitScores",
    "Survival",
    "Verified",
]

Scores = dict[str, Estimate]
"""By metric: `success`, `context_tokens`, `cost_usd`, `steps` and the environment's own names."""

RunStatus = Literal["running", "completed", "interrupted", "stopped"]
"""`completed`: ended by its budget or for lack of proposals. `stopped`: nothing measurable."""


class SplitScores(Value):
    """Scores of one candidate, re-measured on fresh seeds after the search ended."""

    train: Scores = Field(default_factory=dict)
    """Empty where validation has the groups of train, and where nothing was kept."""

    validation: Scores = Field(default_factory=dict)
    test: Scores = Field(default_factory=dict)

    def of(self, split: SplitName) -> Scores:
        """Returns the scores on a split."""
        found: Scores = getattr(self, split)
        return found


class Survival(Value):
    """How much of the winner's gain on groups that the search saw is there on unseen ones."""

    metric: str
    seen_on: SplitName
    """The split whose groups the search saw, measured on fresh seeds where there are any."""

    seen: Estimate
    """Winner minus baseline on those, in the metric's own unit."""

    unseen: Estimate
    """The same on the sealed test, whose groups nobody saw."""

    gap: Estimate
    """Unseen minus seen."""

    share: Estimate | None
    """Unseen over seen: 1 is all of the gain, 0 none, below 0 a loss. None where no difference is
    shown on seen groups."""


class CandidateCounts(Value):
    """How many proposals ended in which way."""

    proposed: int = 0
    kept: int = 0
    discarded: int = 0
    undecided: int = 0
    invalid: int = 0


class Nearest(Value):
    """The undecided proposal that came nearest to being kept, its estimate taken for the truth."""

    number: int
    label: str
    gain: float
    """How much better it looked at the gate; relative where `Detectable.is_relative`."""

    pairs: int
    """Paired comparisons that it had."""

    pairs_needed: int
    """Paired comparisons after which it would probably be kept."""

    blocks_needed: int
    """The same as `objective.rule.max_blocks`."""

    trials_needed: int
    """Trials for that, the incumbent's included."""

    needed_s: float
    """Seconds for that, as fast as the run was."""


class Detectable(Value):
    """What the gate of a run could have shown: kept in 4 of 5 cases, at the rule's alpha."""

    metric: str
    improvement: float | None
    """The smallest true improvement; None where not even the largest would have shown."""

    is_relative: bool
    """Whether 0.1 means 10 % better, or 0.1 more."""

    pairs: int
    """Paired comparisons that each candidate at the gate could have."""

    nearest: Nearest | None = None


class Comparison(Value):
    """A simpler search of the same target, for as many trials, measured on the same final seeds."""

    name: str
    """`random`: typed edits at random, and the highest score on train. `numeric`: the numeric
    optimiser alone."""

    trials: int
    """Trials that its search looked at; it ends its last batch beyond what was given."""

    trials_given: int
    """Trials that the run's own search looked at."""

    proposals: int
    kept: int
    """Proposals that it went on from, shown to be better or not."""

    scores: SplitScores
    lead: SplitScores
    """The run's winner minus what this search ended with, paired."""


class Verified(Value):
    """Trials that were answered from the store, a share of them run again."""

    answered: int
    """Trials that were answered from the store: measured earlier, or asked for more than once."""

    rerun: int
    """Those run again."""

    differing: int
    """Those whose fate, outcome or spending came out otherwise."""

    change: Estimate | None = None
    """Mean difference in success, where the world varies for the same seed."""

    disagrees: bool
    """Whether the store cannot be believed: any difference in a deterministic world, a change
    whose interval leaves out 0 in others."""

    example: str = ""
    """One that differs, in words."""


class ErrorBudget(Value):
    """What the keep rule promises of the proposals of a run that it tested."""

    tested: int
    """Proposals that came to the gate."""

    false_keeps: float
    """How many of them are kept on average, at most, if none is better."""

    fdr: float | None = None
    """Expected share of false ones among all that is kept, at most; None where that is not bounded.
    """


class Canaries(Value):
    """What the rule made of copies of the incumbent that are measured on something else."""

    asked: int
    """How many went through the loop."""

    at_gate: int
    """How many of them came to the gate."""

    kept: int
    """How many the rule would have kept: its false keeps."""

    varied: int
    """How many had an outcome that differed from the incumbent's; the others show nothing."""

    rate: Estimate
    """Kept of asked, with its exact 95 % interval (Clopper and Pearson, 1934)."""

    expected: float | None
    """False keeps on average, at most, that the rule promises; None where it promises nothing."""

    tail: float | None
    """Chance of so many or more false keeps, at most, if canaries were independent of one another.
    They share the incumbent's trials, so that false keeps come together."""

    trials: int
    """Trials that they cost, the incumbent's included."""

    is_seeded: bool
    """Whether they were measured on other seeds; else their outcomes were dealt anew."""


class Remeasured(Value):
    """What the gates saw of the winner's gain beside what it is where nobody chose."""

    metric: str
    at_gate: Estimate
    """Winner minus baseline as the gates saw it, keep by keep: too high, since it was kept for it.
    In the metric's own unit."""

    again: Estimate
    """The same in the final measurement."""

    on: SplitName
    """The split of the final measurement: validation on fresh seeds, the test of fixed data."""


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

    survival: tuple[Survival, ...] = ()
    """Of success and of the objective's metric; empty if nothing was kept."""

    test_looks: int = 0
    """How often the sealed test of this run has been looked at; once is sealed."""

    accepted_leaks: int = 0
    """Pairs of tasks in different splits that say nearly the same."""

    winner_digest: str = ""
    baselines: tuple[Comparison, ...] = ()
    """Simpler searches beside it, where the experiment asks for some."""

    kept: tuple[Decision, ...] = ()
    candidates: CandidateCounts = CandidateCounts()
    error_budget: ErrorBudget | None = None
    """None where nothing came to the gate, or the rule is no test."""

    canaries: Canaries | None = None
    """None where there was none."""

    remeasured: Remeasured | None = None
    """None where nothing was kept."""

    rule: str = ""
    """The keep rule's name."""

    is_tested: bool = True
    """Whether the rule bounds the chance of a false keep."""

    trials: int = 0
    deciding_trials: int = 0
    """Trials that were spent on deciding about proposals, the incumbent's included; of the rest,
    baseline and winner were measured."""

    infra_trials: int = 0
    """Trials lost to our side and measured again."""

    wall_s: float = 0.0
    stopped_by: str = ""
    """Which budget ended the search, or why it could not go on."""

    sandbox: str = ""
    fingerprint: dict[str, str] = Field(default_factory=dict)
    """Versions that its outcomes depend on: interpreter, packages, tokenizer, the environment's and
    those of its data."""

    is_debug: bool = False
    """Whether it was run for a debugger, without sandbox and limits: then nothing was measured."""

    front: Front | None = None
    """What it found of success, context and cost together; None in what was stored without."""

    detectable: Detectable | None = None
    """What this run could have shown: by the noise at the gate, or by that of the trials before the
    first proposal where nothing was compared."""

    readiness: Readiness | None = None
    """What was known before the first proposal; None where nothing is measured."""

    verified: Verified | None = None
    """What `measure.verify_cache` found; None where it was not asked for."""

    rounds: tuple[RoundResult, ...] = ()
    """How each round ended; empty where the run has none."""

    ceiling: Ceiling | None = None
    """What bounds it and what to do next; None where nothing was measured."""

    pictured: tuple[Pictured, ...] = ()
    """The worst and the best trial of winner and baseline, where the environment shows some."""


class EvaluationResult(Value):
    """The scores of one target, without a search."""

    metrics: Scores
    tasks: dict[str, Scores]
    fates: dict[str, int]
    reasons: dict[str, str] = Field(default_factory=dict)
    """Of each fate but solved and failed, why the first such trial ended so."""

    trials: int
    wall_s: float
    sandbox: str
    is_debug: bool = False
    """Whether it was run for a debugger, without sandbox and limits: then nothing was measured."""

    pictured: tuple[Pictured, ...] = ()
    """Its worst and its best trial, where a folder for them was given."""
