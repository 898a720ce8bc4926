"""A run made by hand: candidates, how they did on train, what they were made from."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Stage, Verdict
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.search.lab import RunLab
from agentlab.search.strategies.history import History

__all__ = ["Made", "names"]


class Made:
    """Grows by `add`; answers the history of the next batch."""

    def __init__(self) -> None:
        self.baseline = Candidate(files={"agent.py": b"baseline"})
        self.incumbent = self.baseline
        self.candidates = {self.baseline.digest: self.baseline}
        self.lab = RunLab(
            target=TargetSpec(),
            objective=Objective(),
            baseline=self.baseline,
            candidate=self.candidates.__getitem__,
        )
        self.firsts: list[int] = []
        self.tell(self.baseline)

    def tell(
        self, candidate: Candidate, *, success: float = 0.0, progress: float = 0.0, context: int = 0
    ) -> None:
        """Says how a candidate did on the one train task."""
        record = TrialRecord(
            key=candidate.digest,
            bench="b",
            candidate=candidate.digest,
            task="t",
            fate=Fate.FAILED,
            outcome=Outcome(success=success, progress=progress),
            usage=Usage(context_tokens=context),
        )
        self.lab.add_train_records([record])

    def add(
        self,
        name: str,
        parent: Candidate | None = None,
        *,
        success: float = 0.0,
        progress: float = 0.0,
        context: int = 0,
        verdict: Verdict = Verdict.DISCARDED,
        stage: Stage = "halving",
    ) -> Candidate:
        """Adds a batch of one proposal, decided."""
        parent = parent or self.incumbent
        made = Candidate(files={"agent.py": name.encode()}, parent=parent.digest)
        self.candidates[made.digest] = made
        number = len(self.lab.decisions) + 1
        self.firsts.append(number)
        if stage in ("halving", "gate"):
            self.tell(made, success=success, progress=progress, context=context)
        self.lab.add_decisions(
            [
                Decision(
                    number=number,
                    candidate=made.digest,
                    incumbent=self.incumbent.digest,
                    source="mutation",
                    label=name,
                    verdict=verdict,
                    stage=stage,
                    reason="",
                )
            ]
        )
        if verdict is Verdict.KEPT:
            self.incumbent = made
        return made

    def history(self) -> History:
        """Returns what a strategy is given for the next batch."""
        return History(
            self.lab,
            self.incumbent,
            baseline=self.baseline.digest,
            batch=len(self.firsts) + 1,
            first_numbers=self.firsts,
        )


def names(candidates: Sequence[Candidate]) -> list[str]:
    """Returns what candidates were called when they were added."""
    return [candidate.files["agent.py"].decode() for candidate in candidates]
