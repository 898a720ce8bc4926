"""What a meta-agent may try before it proposes: train trials, and scripts over their traces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Probed
from agentlab.core.trial import Pair, TraceFrame, TrialRecord
from agentlab.core.value import JsonValue
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule, halving_stream
from agentlab.search.serving import Serving

__all__ = ["Tries"]

_PROBED_BYTES = 2 << 20


class Tries:
    """Serves meta-agents with trials; made and used by the thread of the driver.

    It answers on the pairs of the halving that is next: siblings will be compared on them anyway,
    so a proposal that was tried has its first trials behind it.
    """

    def __init__(
        self,
        measuring: Measuring,
        schedule: Schedule,
        *,
        flush: Callable[[], None],
        trace: Callable[[str], Sequence[TraceFrame]],
        probe: Callable[[str, JsonValue], Probed],
        earlier: Callable[[str], TrialRecord | None],
    ) -> None:
        """Wires them.

        Args:
            measuring: Gives records.
            schedule: Gives pairs.
            flush: Saves every trial that finished: what a model was told must not be measured anew.
            trace: Returns the frames of a trial.
            probe: Runs a script over data.
            earlier: Returns a trial that an earlier session measured.
        """
        self._measuring = measuring
        self._schedule = schedule
        self._flush = flush
        self._trace = trace
        self._probe = probe
        self._earlier = earlier
        self._known: dict[str, TrialRecord] = {}
        self.serving = Serving()

    @property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the train tasks."""
        return tuple(task.id for task in self._schedule.tasks("train"))

    def on_train(
        self, candidate: Candidate, *, tasks: Sequence[str], blocks: int, generation: int
    ) -> list[TrialRecord]:
        """Returns a candidate's records on some tasks, on the first blocks of the next halving."""
        found = self._schedule.blocks("train", halving_stream(generation), blocks)
        pairs = [pair for pair in found if pair.task.id in tasks]
        return self.serving.call(
            lambda: self._measured(candidate, pairs),
            announce=lambda: self._measuring.expect([candidate], pairs, is_next=True),
        )

    def record(self, key: str) -> TrialRecord:
        """Returns a record that was answered here, in this session or an earlier one."""
        if key not in self._known and (earlier := self._earlier(key)) is not None:
            self._known[key] = earlier
        return self._known[key]

    def trace(self, key: str) -> Sequence[TraceFrame]:
        """Returns the frames of a trial, as far as they were kept."""
        return self._trace(key)

    def probe(self, script: str, records: Sequence[TrialRecord]) -> Probed:
        """Runs a script over records and frames of trials, in the sandbox."""
        episodes: list[JsonValue] = []
        size = 0
        for record in records:
            frames = [dict(frame.frame) for frame in self._trace(record.key)]
            size += sum(len(str(frame)) for frame in frames)
            episodes.append(_episode(record, frames if size < _PROBED_BYTES else []))
        return self.serving.call(lambda: self._probe(script, episodes))

    def _measured(self, candidate: Candidate, pairs: Sequence[Pair]) -> list[TrialRecord]:
        failed = self._measuring.prepare([candidate]).get(candidate.digest)
        found = (
            self._measuring.on(candidate, pairs)
            if failed is None
            else [failed.model_copy(update=_place(pair)) for pair in pairs]
        )
        self._flush()
        self._known |= {record.key: record for record in found}
        return found


def _place(pair: Pair) -> dict[str, object]:
    return {"task": pair.task.id, "seed": pair.seed, "split": pair.split, "cluster": pair.cluster}


def _episode(record: TrialRecord, frames: Sequence[Mapping[str, JsonValue]]) -> JsonValue:
    return {
        "task": record.task,
        "seed": record.seed,
        "candidate": record.candidate,
        "fate": record.fate.value,
        "reason": record.reason,
        "success": record.success,
        "feedback": record.outcome.feedback if record.outcome else "",
        "frames": [dict(frame) for frame in frames],
    }
