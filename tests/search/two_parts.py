"""A target of two files, what each combination of them is worth, and rounds over it in memory."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.components import Components
from agentlab.core.decision import Decision
from agentlab.core.environment import EnvironmentSpec, Traits
from agentlab.core.limits import Limits
from agentlab.core.meta_agent import Lab
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.rounds import Coupling
from agentlab.core.task import SPLITS, Task
from agentlab.core.trial import Bench, Trial
from agentlab.experiment.config import RoundConfig, TargetConfig
from agentlab.experiment.rounds import rounds_of
from agentlab.search.budget import Budget, Spending
from agentlab.search.contest import Contest
from agentlab.search.coupling import CouplingTest
from agentlab.search.desk import TrialDesk
from agentlab.search.lab import RunLab
from agentlab.search.loop import Found, Place, Search, SearchSettings
from agentlab.search.measuring import Measuring
from agentlab.search.rounds import Round, RoundsFound, run_rounds
from agentlab.search.schedule import Schedule
from agentlab.search.strategies.strategy import STRATEGIES
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.records import record_of
from tests.experiment.noisy_run import noisy_experiment
from tests.search.wiring import MemoryJournal

__all__ = ["ADDITIVE", "BASELINE", "TRAP", "Asked", "TwoParts", "edited", "rounds_like"]

ENTRY = b"def solve(goal, tools):\n    return 1\n"
BASELINE = Candidate(files={"agent.py": ENTRY, "rank.md": b"plain", "prompt.md": b"plain"})
TARGET = TargetConfig(
    path=".",
    editable=("*.py", "*.md"),
    components={"ranking": ("rank.md",), "prompt": ("prompt.md",)},
)

Worth = Mapping[tuple[str, str], float]
"""Chance of success by ranking and prompt."""

TRAP: Worth = {
    ("plain", "plain"): 0.41,
    ("tuned", "plain"): 0.57,
    ("plain", "sharp"): 0.71,
    ("tuned", "sharp"): 0.49,
    ("other", "plain"): 0.21,
    ("other", "sharp"): 0.95,
}
ADDITIVE: Worth = {
    ("plain", "plain"): 0.2,
    ("tuned", "plain"): 0.5,
    ("plain", "sharp"): 0.55,
    ("tuned", "sharp"): 0.85,
}


def edited(label: str = "", parent: Candidate = BASELINE, **parts: str) -> Candidate:
    """Returns a candidate with another `rank` or `prompt`."""
    made = {f"{name}.md": text.encode() for name, text in parts.items()}
    files = {**parent.files, **made}
    return Candidate(files=files, parent=parent.digest, source="asked", label=label or str(parts))


class Asked:
    """Proposes edits of the first parent in their order, those first of which all is open."""

    name = "asked"

    def __init__(self, *edits: Mapping[str, str], heeds: bool = True) -> None:
        self._edits = edits
        self._heeds = heeds
        self.told: list[tuple[str, ...]] = []

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        self.told.append(tuple(decision.reason for decision in lab.decisions))
        made = [edited(parent=parents[0], **edit) for edit in self._edits]
        return [
            one
            for one, edit in zip(made, self._edits, strict=True)
            if one.digest not in lab.proposed
            and (not self._heeds or all(lab.target.is_editable(f"{name}.md") for name in edit))
        ][:count]


class _Table:
    """An executor that looks up what two files are worth together; the seed draws."""

    slots = 1

    def __init__(self, worth: Worth) -> None:
        self._worth = worth
        self._queue: deque[tuple[Trial, Candidate]] = deque()

    @property
    def in_flight(self) -> int:
        return len(self._queue)

    def open(self) -> Opened:
        return Opened({}, "none")

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        self._queue.append((trial, candidate))

    def next_finished(self, timeout_s: float) -> Finished | None:
        if not self._queue:
            return None
        trial, candidate = self._queue.popleft()
        assert trial.pair is not None
        parts = (candidate.files["rank.md"].decode(), candidate.files["prompt.md"].decode())
        # What two combinations succeed on overlaps only by chance, as where they differ in kind.
        draw = random.Random(f"{trial.pair.task.id}/{trial.pair.seed}/{parts[1]}").random()
        is_solved = draw < self._worth.get(parts, 0.1)
        outcome = Outcome(success=float(is_solved))
        fate = Fate.SOLVED if is_solved else Fate.FAILED
        return Finished(record_of(trial, fate, outcome=outcome), (), {}, {})

    def close(self) -> None:
        pass


def rounds_like(*rounds: Mapping[str, object], rule: object = "paired") -> tuple[Round, ...]:
    """Returns the rounds of an experiment file."""
    made = [RoundConfig.model_validate(one) for one in rounds]
    experiment = noisy_experiment(objective={"rule": rule})
    update = {"target": TARGET, "rounds": tuple(made)}
    return rounds_of(experiment.model_copy(update=update))


class TwoParts:
    """One run in rounds, or what a later session makes of the same journal."""

    def __init__(self, worth: Worth, folder: Path, *, journal: MemoryJournal | None = None) -> None:
        self.journal = journal or MemoryJournal()
        self.journal.candidates.setdefault(BASELINE.digest, BASELINE)
        self.desk = TrialDesk(_Table(worth), self.journal, artefacts=folder)
        self.told: list[str] = []
        self.couplings: list[Coupling] = []

    def run(
        self,
        agent: Asked,
        rounds: Sequence[Round],
        *,
        budget: Budget | None = None,
        objective: Objective | None = None,
        patience: int | None = None,
        elapsed_s: float = 0.0,
    ) -> RoundsFound:
        budget, objective = budget or Budget(candidates=20), objective or Objective()
        tasks = [Task(id=f"t{number}") for number in range(20)]
        schedule = Schedule(dict.fromkeys(SPLITS, tasks), seed=1, is_seeded=True)
        bench = Bench(
            environment=EnvironmentSpec(reference="x"), target=TargetSpec(), limits=Limits()
        )
        measuring = Measuring(
            self.desk, bench=bench.digest, needs_preparation=False, preparation_seed=1
        )
        spending = Spending(budget, elapsed_s=lambda: elapsed_s)
        self.spending = spending
        lab = RunLab(
            target=TARGET.spec(),
            objective=objective,
            baseline=BASELINE,
            candidate=self.journal.candidate,
        )
        contest = Contest(
            measuring,
            schedule,
            objective=objective,
            traits=Traits(),
            count=spending.add,
            on_stage=lambda entrant, stage: None,
            on_train=lab.add_train_records,
        )

        def search(start: Candidate, target: TargetSpec, place: Place) -> Found:
            settings = SearchSettings(
                target, objective, STRATEGIES["greedy"], patience, 1, lambda: 0.0, place=place
            )
            return Search(
                agent,
                contest,
                self.journal,
                lab=lab,
                baseline=start,
                spending=spending,
                settings=settings,
                on_decision=_silent,
                elapsed_s=lambda: 0.0,
            ).run()

        test = CouplingTest(
            measuring,
            schedule,
            objective=objective,
            components=Components(globs=TARGET.components or {}),
            target=TARGET.spec(),
            baseline=BASELINE,
            journal=self.journal,
            count=spending.add,
            is_spent=lambda part: (
                spending.reached(reserve_s=0.0, part=part, counts_proposals=False) is not None
            ),
        )
        return run_rounds(
            rounds,
            BASELINE,
            search=search,
            test=test.of,
            lab=lab,
            candidates=budget.candidates,
            tell=self.told.append,
        )


def _silent(decision: Decision) -> None:
    """Says nothing."""
