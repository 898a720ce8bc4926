"""The executor on Ray: one actor per slot, each with its warm environment and sandbox.

Ray's own retries are off: a candidate that ends its worker must not be run again in silence. An
actor that dies or hangs is replaced; the trial it had in hand comes back as `infra`, the one that
waited behind it is moved to the new actor.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import ray
from ray.exceptions import RayError

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Trial
from agentlab.errors import InfraError, InputError
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.ray_cluster import (
    free_resources,
    join_cluster,
    leave_cluster,
    resources,
    slots_of_cluster,
)
from agentlab.trials.records import record_of
from agentlab.trials.worker import TrialWorker

__all__ = ["RayExecutor"]

_QUEUED_PER_SLOT = 2
"""One trial runs, one waits, so that a slot never idles for the driver's sake."""

_START_GRACE_S = 120.0
"""What an actor may take to start and make its environment warm."""

_FREE_GRACE_S = 30.0
"""What Ray may take to give back the slots of actors that were ended."""

_TOOL_GRACE_S = 30.0
"""What the trusted side may take beyond a trial's own wall limit before it counts as hung."""


class _Failure(NamedTuple):
    """Why a worker could not start; travels as data, since exceptions would be wrapped by Ray."""

    is_input: bool
    problems: tuple[str, ...]


@ray.remote(num_cpus=0, max_restarts=0, max_task_retries=0)
class _Slot:
    """A worker in a process of its own."""

    def __init__(self, bench: Bench, import_path: list[str]) -> None:
        sys.path.extend(path for path in import_path if path not in sys.path)
        self._bench = bench
        self._folder = tempfile.TemporaryDirectory(prefix="agentlab-artefacts-")
        Path(self._folder.name).chmod(0o711)
        self._worker: TrialWorker | None = None
        self._candidates: dict[str, Candidate] = {}

    def open(self) -> Opened | _Failure:
        try:
            self._worker = TrialWorker(self._bench, artefacts=Path(self._folder.name))
        except InputError as error:
            return _Failure(True, error.problems)
        except Exception as error:  # noqa: BLE001 - foreign code starts here; the driver says it in one line
            return _Failure(False, (f"{type(error).__name__}: {error}",))
        return self._worker.opened

    def run(
        self, trial: Trial, new: Candidate | None, files: Mapping[str, bytes] | None
    ) -> Finished:
        """Runs a trial; its candidate comes along with the first one that needs it."""
        assert self._worker is not None
        if new is not None:
            self._candidates[trial.candidate] = new
        candidate = self._candidates[trial.candidate]
        return self._worker.run(trial, candidate, dict(files) if files is not None else None)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._folder.cleanup()


class _Queued(NamedTuple):
    reference: Any  # an ObjectRef: ray's types are not exported
    trial: Trial
    candidate: Candidate
    files: Mapping[str, bytes] | None


@dataclass
class _Seat:
    """The driver's view of one slot."""

    actor: Any  # an actor handle: made by ray's decorator at run time
    deadline: float
    queue: deque[_Queued] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    """Digests of the candidates that the actor holds."""


class RayExecutor:
    """Runs trials on a local Ray or on the cluster at an address."""

    def __init__(self, bench: Bench, *, slots: int, address: str | None = None) -> None:
        self._bench = bench
        self._slots = slots
        self._address = address
        self._seats: list[_Seat] = []
        self._waiting: deque[tuple[Trial, Candidate, Mapping[str, bytes] | None]] = deque()
        self._done: deque[Finished] = deque()
        self._artefacts: dict[str, Any] = {}
        self._opened: Opened | None = None
        self._has_joined = False

    @property
    def slots(self) -> int:
        """How many trials run at one time."""
        return self._slots

    @property
    def in_flight(self) -> int:
        """Trials submitted and not yet returned."""
        queued = sum(len(seat.queue) for seat in self._seats)
        return queued + len(self._waiting) + len(self._done)

    def open(self) -> Opened:
        """Starts one actor per slot and waits until all are warm."""
        if self._opened is not None:
            return self._opened
        self._has_joined = join_cluster(self._address, self._slots)
        self._require_slots()
        # Kept before they answer: where one does not, all are ended by `close`.
        self._seats = [_Seat(self._start_actor(), 0.0) for _ in range(self._slots)]
        answers = [self._answer_of(seat.actor) for seat in self._seats]
        first = answers[0]
        if any(answer.fingerprint != first.fingerprint for answer in answers):
            raise InfraError(
                "the nodes differ in versions that an outcome depends on; compare "
                f"{[dict(answer.fingerprint) for answer in answers]}"
            )
        self._opened = first
        return first

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Queues a trial for the first slot that has room."""
        self._waiting.append((trial, candidate, artefact_files))
        self._deal()

    def next_finished(self, timeout_s: float) -> Finished | None:
        """Returns a finished trial; replaces actors that died or hung meanwhile."""
        deadline = time.monotonic() + timeout_s
        while not self._done:
            left = deadline - time.monotonic()
            self._collect(min(max(left, 0.0), 1.0))
            self._replace_hung()
            self._deal()
            if left <= 0:
                break
        return self._done.popleft() if self._done else None

    def close(self) -> None:
        """Ends every actor, and Ray where it was started or joined for them.

        Where Ray goes on, the next executor finds the slots free.
        """
        if not ray.is_initialized():
            return
        closing = [seat.actor.close.remote() for seat in self._seats]
        ray.wait(closing, num_returns=len(closing), timeout=5.0) if closing else None
        for seat in self._seats:
            ray.kill(seat.actor)
        if self._has_joined:
            leave_cluster()
        elif self._seats:
            self._await_slots()
        self._seats.clear()

    def _await_slots(self) -> None:
        """Waits until Ray has noticed that the actors are gone."""
        (resource,) = slots_of_cluster()
        deadline = time.monotonic() + _FREE_GRACE_S
        while free_resources().get(resource, 0.0) < self._slots and time.monotonic() < deadline:
            time.sleep(0.02)

    def _require_slots(self) -> None:
        (resource,) = slots_of_cluster()
        given = resources().get(resource, 0.0)
        if given < self._slots:
            raise InputError(
                f"executor.slots: {self._slots} asked, the cluster gives {given:g} ({resource})"
            )
        if not self._has_joined and free_resources().get(resource, 0.0) < self._slots:
            raise InputError(
                f"executor.slots: {self._slots} asked, but this process has an executor open "
                "that takes them; close that one first"
            )

    def _start_actor(self) -> Any:  # Any: an actor handle
        needed = slots_of_cluster()
        made: Any = _Slot  # ray's decorator gives it what no stub declares
        actor = made.options(num_cpus=needed.pop("CPU", 0), resources=needed)
        return actor.remote(self._bench, [str(Path.cwd()), *sys.path])

    def _answer_of(self, actor: Any) -> Opened:
        try:
            answer = ray.get(actor.open.remote(), timeout=_START_GRACE_S)
        except RayError as error:
            raise InfraError(f"a worker did not start: {error}") from error
        if isinstance(answer, _Failure):
            raise (InputError if answer.is_input else InfraError)(*answer.problems)
        assert isinstance(answer, Opened)
        return answer

    def _deal(self) -> None:
        """Hands waiting trials to the seats with the shortest queues."""
        while self._waiting:
            seat = min(self._seats, key=lambda seat: len(seat.queue))
            if len(seat.queue) >= _QUEUED_PER_SLOT:
                return
            trial, candidate, files = self._waiting.popleft()
            new = None if candidate.digest in seat.known else candidate
            reference = seat.actor.run.remote(trial, new, self._share_files(trial, files))
            seat.known.add(candidate.digest)
            if not seat.queue:
                seat.deadline = self._deadline()
            seat.queue.append(_Queued(reference, trial, candidate, files))

    def _share_files(self, trial: Trial, files: Mapping[str, bytes] | None) -> Any:
        """Puts an artefact into Ray's store once, so that a trial carries only its address."""
        if files is None or trial.artefact is None:
            return None
        if trial.artefact.digest not in self._artefacts:
            self._artefacts[trial.artefact.digest] = ray.put(dict(files))
        return self._artefacts[trial.artefact.digest]

    def _collect(self, timeout_s: float) -> None:
        heads = {seat.queue[0].reference: seat for seat in self._seats if seat.queue}
        if not heads:
            return
        ready, _ = ray.wait(list(heads), num_returns=1, timeout=timeout_s)
        for reference in ready:
            seat = heads[reference]
            try:
                finished = ray.get(reference)
            except RayError as error:
                self._replace(seat, f"the worker died: {type(error).__name__}")
                continue
            seat.queue.popleft()
            seat.deadline = self._deadline()
            self._done.append(finished)

    def _replace_hung(self) -> None:
        now = time.monotonic()
        for seat in self._seats:
            # A trial that ended while the driver was busy elsewhere is late, not hung.
            if seat.queue and now > seat.deadline and not _is_ready(seat.queue[0].reference):
                self._replace(seat, "the worker hung")

    def _replace(self, seat: _Seat, reason: str) -> None:
        ray.kill(seat.actor)
        lost = seat.queue.popleft()
        record = record_of(lost.trial, Fate.INFRA, reason=reason)
        self._done.append(Finished(record, (), {}, {}))
        self._waiting.extendleft(queued[1:] for queued in reversed(seat.queue))
        seat.queue.clear()
        seat.known.clear()
        seat.actor = self._start_actor()
        self._answer_of(seat.actor)

    def _deadline(self) -> float:
        return time.monotonic() + self._bench.limits.wall_s + _TOOL_GRACE_S


def _is_ready(reference: Any) -> bool:  # Any: an ObjectRef, as above
    ready, _ = ray.wait([reference], timeout=0)
    return bool(ready)
