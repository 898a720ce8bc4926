"""How a run goes, told a few times per second."""

from __future__ import annotations

import time
from collections.abc import Callable

from agentlab.core.decision import Decision, Estimate, Stage, Verdict
from agentlab.core.progress import Observer, Phase, Progress
from agentlab.core.task import SplitName
from agentlab.experiment.config import Experiment
from agentlab.experiment.parts import RunParts
from agentlab.measure.scores import score
from agentlab.search.budget import Spending
from agentlab.search.contest import Entrant
from agentlab.search.desk import TrialDesk

__all__ = ["Teller"]

_TOLD_EVERY_S = 0.25
_ASSUMED_TRIALS_PER_S = 5.0


class Teller:
    """Turns what happens into progress, a few times per second."""

    def __init__(
        self,
        experiment: Experiment,
        observer: Observer,
        *,
        before_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._observer = observer
        self._metric = experiment.objective.metric
        self._planned = experiment.budget.candidates
        self._clock = clock
        self._began = clock()
        self._before_s = before_s
        self._told_at = 0.0
        self._now = Progress(phase="start", best_metric=self._metric)
        self._spending: Spending | None = None
        self._incumbent = ""
        self._parts: RunParts | None = None
        self._planned_now: int | None = None
        self._after = 0
        self._measured_before = 0

    def elapsed_s(self) -> float:
        """Returns the seconds of this run, those of interrupted sessions included."""
        return self._before_s + self._clock() - self._began

    def rate(self, desk: TrialDesk) -> float:
        """Returns trials per second so far."""
        if desk.measured < 20:
            return _ASSUMED_TRIALS_PER_S
        return desk.measured / max(self._clock() - self._began, 1e-3)

    def watch(self, spending: Spending, parts: RunParts) -> None:
        """Takes what the estimates are made of."""
        self._spending, self._parts = spending, parts
        self._incumbent = parts.world.baseline.digest

    def phase(self, phase: Phase, message: str) -> None:
        """Says that something else begins."""
        self._now = self._now.model_copy(update={"phase": phase, "message": message, "stage": ""})
        self._tell()

    def note(self, message: str) -> None:
        """Passes a line on that a person should read."""
        self._observer.note(message)

    def final(self, split: SplitName, trials: int, after: int) -> None:
        """Says that the final measurement of a split begins, and what comes after it."""
        self._planned_now, self._after = trials, after
        self._measured_before = self._parts.desk.measured if self._parts else 0
        where = " on groups that the search saw" if split == "train" else ""
        self.phase("test" if split == "test" else "validation", f"winner and baseline{where}")

    def stage(self, entrant: Entrant, stage: Stage) -> None:
        """Says which proposal is where."""
        self._now = self._now.model_copy(
            update={"proposal": entrant.number, "label": entrant.candidate.label, "stage": stage}
        )

    def decided(self, decision: Decision) -> None:
        """Passes a decision on, and measures progress by the new incumbent if it was kept."""
        if decision.verdict is Verdict.KEPT:
            self._now = self._now.model_copy(update={"kept": self._now.kept + 1})
            self._incumbent = decision.candidate
        if decision.canary is Verdict.KEPT:
            self._observer.note(
                f"the gate would have kept canary #{decision.number}, which changes nothing on "
                "average: a false keep"
            )
        self._observer.decided(decision)

    def tick(self, desk: TrialDesk) -> None:
        """Says how it goes, if it is time."""
        if self._clock() - self._told_at < _TOLD_EVERY_S:
            return
        done = desk.measured - self._measured_before
        if self._planned_now is not None:
            # Trials of the search may still come in beside those of the final measurement.
            done = min(done, self._planned_now)
        self._now = self._now.model_copy(
            update={
                "trials": desk.measured,
                "trials_per_s": self.rate(desk) if desk.measured >= 20 else 0.0,
                "best": self._estimate(),
                "left_s": self._left_s(desk, done),
                "planned": self._planned_now,
                "done": done,
                "proposals_planned": self._planned,
            }
        )
        self._tell()

    def _left_s(self, desk: TrialDesk, done: int) -> float | None:
        """Returns the seconds to the end: by the trials that are left, or by the budget."""
        if self._planned_now is not None:
            return max(0, self._planned_now + self._after - done) / self.rate(desk)
        share = self._spending.share() if self._spending else 0.0
        return self.elapsed_s() * (1 - share) / share if share > 0.02 else None

    def _estimate(self) -> Estimate | None:
        if self._parts is None:
            return None
        records = self._parts.lab.train_records(self._incumbent)
        return score(records, self._metric)

    def _tell(self) -> None:
        self._told_at = self._clock()
        self._observer.progress(self._now)
