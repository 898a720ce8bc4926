"""What every executor does, whatever candidates do and whatever breaks: inherit, give it, run.

    class TestMyExecutor(ExecutorSuite):
        def make_executor(self, bench):
            return MyExecutor(bench)

Trials run in the strongest sandbox that the machine gives, unless `sandbox` says otherwise.
"""

# A test's name is its sentence.
# ruff: noqa: D102

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Artefact, Bench, Pair, TracePolicy, Trial, TrialRecord
from agentlab.errors import InputError
from agentlab.testing.environments.mishaps import Mishap, mishap_task
from agentlab.testing.hostile import HOSTILE, Hostile, candidate_doing
from agentlab.trials.executor import Executor, Finished
from agentlab.trials.inline import InlineExecutor

__all__ = ["ExecutorSuite"]

_LIMITS = Limits(
    wall_s=3, cpu_s=1, mem_mb=192, processes=8, file_mb=4, output_kb=256, tool_calls=20
)
_PATIENCE_S = 60.0
_FINE = Task(id="open-0", group="open")
_GOOD = candidate_doing("return tools.roll()")
_TARGETS = Path(__file__).parent / "environments" / "targets"


_OURS: Mapping[Mishap, str] = {
    "start_infra": "start is out of order",
    "start_bug": "the environment raised ZeroDivisionError",
    "tool_infra": "tool is out of order",
    "tool_bug": "a tool raised ZeroDivisionError",
    "tool_answers_nan": "",
    "judge_infra": "judge is out of order",
    "judge_bug": "the judge raised ZeroDivisionError",
}

_LEAVES_A_CHILD = """
import ctypes, os, signal, threading
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(15, NAME)
    signal.pause()
"""


class ExecutorSuite:
    """Tests of one executor."""

    sandbox: Literal["auto", "bubblewrap", "plain"] = "auto"

    is_apart = False
    """Whether workers are processes of their own, so that one may die without us."""

    def make_executor(self, bench: Bench) -> Executor:
        """Returns the executor, not opened yet."""
        raise NotImplementedError("say which executor: override make_executor()")

    def bench(
        self,
        *,
        environment: str = "mishaps:MishapsEnvironment",
        prepare: str | None = None,
        **options: str,
    ) -> Bench:
        """Returns a bench of one of the small worlds."""
        return Bench(
            environment=EnvironmentSpec(
                reference=f"agentlab.testing.environments.{environment}", options=options
            ),
            target=TargetSpec(prepare=prepare),
            limits=_LIMITS,
            sandbox=self.sandbox,
        )

    @pytest.fixture(scope="class")
    @classmethod
    def shared(cls) -> Iterator[_Shared]:
        """Yields what the tests of this class share."""
        with tempfile.TemporaryDirectory(prefix="agentlab-meeting-") as meeting:
            shared = _Shared(cls(), meeting)
            yield shared
            shared.close()

    @pytest.fixture
    def lab(self, shared: _Shared) -> _Lab:
        """Returns an open executor on the world of mishaps, shared by the tests."""
        return shared.open()

    @pytest.fixture
    def alone(self, shared: _Shared) -> None:
        """Sees to it that no other executor is open: slots may be all that a cluster has."""
        shared.close()

    def test_it_says_what_it_found(self, lab: _Lab) -> None:
        opened = lab.executor.open()

        assert {"python", "protocol", "tokenizer"} <= set(opened.fingerprint)
        assert opened.sandbox
        assert lab.executor.open() == opened
        assert lab.executor.slots >= 1

    def test_nothing_is_finished_where_nothing_was_submitted(self, lab: _Lab) -> None:
        assert lab.executor.in_flight == 0
        assert lab.executor.next_finished(0.0) is None

    def test_every_trial_finishes_once(self, lab: _Lab) -> None:
        trials = [lab.submit(_GOOD, seed=seed) for seed in range(12)]

        assert lab.executor.in_flight == 12
        finished = lab.finish(12)

        assert sorted(f.record.key for f in finished) == sorted(trial.key for trial in trials)
        assert {f.record.fate for f in finished} == {Fate.SOLVED}
        assert lab.executor.in_flight == 0
        assert lab.executor.next_finished(0.0) is None

    @pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
    def test_whatever_a_candidate_does_only_its_own_trial_is_lost(
        self, lab: _Lab, hostile: Hostile
    ) -> None:
        before = lab.submit(_GOOD, seed=1).key
        bad = lab.submit(candidate_doing(hostile.body), seed=1).key
        after = lab.submit(_GOOD, seed=2).key
        records = {finished.record.key: finished.record for finished in lab.finish(3)}

        assert (records[bad].fate, hostile.reason in records[bad].reason) == (hostile.fate, True), (
            records[bad]
        )
        assert records[bad].success == 0
        assert {records[before].fate, records[after].fate} == {Fate.SOLVED}

    def test_with_a_third_of_hanging_candidates_every_good_one_is_measured(self, lab: _Lab) -> None:
        hanging = candidate_doing("import threading; threading.Event().wait()")
        good = []
        for seed in range(6):
            if seed % 3 == 0:
                lab.submit(hanging, seed=seed)
            else:
                good.append(lab.submit(_GOOD, seed=seed).key)
        fates = {finished.record.key: finished.record.fate for finished in lab.finish(6)}

        assert [fates[key] for key in good] == [Fate.SOLVED] * 4
        assert list(fates.values()).count(Fate.TIMEOUT) == 2

    @pytest.mark.parametrize("mishap", _OURS)
    def test_what_breaks_on_our_side_is_infra_and_never_a_score(
        self, lab: _Lab, mishap: Mishap
    ) -> None:
        lab.submit(_GOOD, task=mishap_task(mishap))
        (finished,) = lab.finish(1)

        assert finished.record.fate is Fate.INFRA
        assert _OURS[mishap] in finished.record.reason
        assert finished.record.outcome is None

    @pytest.mark.parametrize("mishap", ["evidence_bug", "close_bug"])
    def test_what_breaks_after_the_verdict_ends_no_run(self, lab: _Lab, mishap: Mishap) -> None:
        lab.submit(_GOOD, task=mishap_task(mishap), trace="pictured")
        (finished,) = lab.finish(1)

        assert finished.record.fate in (Fate.SOLVED, Fate.INFRA)
        lab.submit(_GOOD)
        assert lab.finish(1)[0].record.fate is Fate.SOLVED

    def test_a_violation_that_a_tool_sees_is_the_candidates(self, lab: _Lab) -> None:
        lab.submit(_GOOD, task=mishap_task("tool_violation"))

        assert lab.finish(1)[0].record.fate is Fate.VIOLATION

    def test_a_worker_that_dies_takes_one_trial_along(self, lab: _Lab) -> None:
        if not self.is_apart:
            pytest.skip("its worker is this process")
        lost = lab.submit(_GOOD, task=mishap_task("worker_dies")).key
        for seed in range(6):
            lab.submit(_GOOD, seed=seed)
        fates = {finished.record.key: finished.record.fate for finished in lab.finish(7)}

        assert fates.pop(lost) is Fate.INFRA
        assert set(fates.values()) == {Fate.SOLVED}

    def test_the_same_seeds_give_the_same_results_as_in_this_process(self, lab: _Lab) -> None:
        reference = _Lab(InlineExecutor(lab.bench), lab.bench)
        candidates = [_GOOD, candidate_doing("return 0.5"), candidate_doing("raise KeyError(3)")]
        results = []
        for each in (lab, reference):
            for candidate in candidates:
                for seed in range(4):
                    each.submit(candidate, seed=seed)
            results.append({f.record.key: _what_counts(f.record) for f in each.finish(12)})
        reference.executor.close()

        assert results[0] == results[1]

    def test_as_many_trials_run_at_one_time_as_there_are_slots(self, lab: _Lab) -> None:
        slots = lab.executor.slots
        meeting = candidate_doing(f"tools.meet('all', {slots}, 3.0)")
        for seed in range(slots):
            lab.submit(meeting, seed=seed)

        assert [_met(finished) for finished in lab.finish(slots)] == [slots] * slots

    def test_no_more_trials_run_at_one_time_than_there_are_slots(self, lab: _Lab) -> None:
        slots = lab.executor.slots
        crowding = candidate_doing(f"tools.meet('crowd', {slots + 1}, 0.5)")
        for seed in range(slots + 1):
            lab.submit(crowding, seed=seed)

        assert min(_met(finished) for finished in lab.finish(slots + 1)) <= slots

    @pytest.mark.parametrize(
        ("policy", "shown"),
        [
            ("broken", {"crashed"}),
            ("unsolved", {"crashed", "failed"}),
            ("always", {"crashed", "failed", "solved"}),
            ("pictured", {"crashed", "failed", "solved"}),
        ],
    )
    def test_a_trace_is_kept_where_it_was_asked_for(
        self, lab: _Lab, policy: TracePolicy, shown: set[str]
    ) -> None:
        for candidate in (
            _GOOD,
            candidate_doing("return 0"),
            candidate_doing("tools.roll(); 1 / 0"),
        ):
            lab.submit(candidate, trace=policy)
        finished = lab.finish(3)

        assert {str(f.record.fate) for f in finished if f.trace} == shown
        pictured = shown if policy == "pictured" else set()
        assert {str(f.record.fate) for f in finished if f.evidence} == pictured

    def test_an_artefact_goes_from_its_preparation_to_the_trials(self, alone: None) -> None:
        bench = self.bench(environment="ranker:RankerEnvironment", prepare="agent.py:prepare")
        lab = _Lab(self.make_executor(bench), bench)
        candidate = Candidate(files={"agent.py": (_TARGETS / "ranker/agent.py").read_bytes()})
        try:
            trial = Trial(bench=bench.digest, candidate=candidate.digest, kind="prepare")
            lab.executor.submit(trial, candidate)
            (prepared,) = lab.finish(1)
            assert prepared.record.fate is Fate.SOLVED, prepared.record.reason
            assert prepared.artefact_files
            task = Task(id="batch-0", group="batch-0", inputs={"groups": ["calendar", "invoice"]})
            for seed in range(2 * lab.executor.slots):
                lab.submit(candidate, task=task, seed=seed, prepared=prepared)
            records = [finished.record for finished in lab.finish(2 * lab.executor.slots)]
        finally:
            lab.executor.close()

        assert {record.fate.is_judged for record in records} == {True}, records[0].reason
        assert {len(record.items) for record in records} == {6}

    def test_a_world_that_is_not_there_is_an_input_error(self, alone: None) -> None:
        bench = self.bench(environment="nowhere:Environment")
        executor = self.make_executor(bench)
        try:
            with pytest.raises(InputError, match="nowhere"):
                executor.open()
        finally:
            executor.close()

    def test_nothing_is_left_running(self, alone: None) -> None:
        with tempfile.TemporaryDirectory(prefix="agentlab-meeting-") as meeting:
            bench = self.bench(meeting=meeting)
            lab = _Lab(self.make_executor(bench), bench)
            lab.submit(candidate_doing(_leaves("left-by-good") + "return tools.roll()"))
            lab.finish(1)
            lab.submit(candidate_doing(_leaves("left-by-hung") + "threading.Event().wait()"))
            lab.executor.next_finished(0.5)
            lab.executor.close()

        assert _wait_until_gone("left-by-good", "left-by-hung") == []


class _Shared:
    """One executor for many tests, opened when it is first asked for."""

    def __init__(self, suite: ExecutorSuite, meeting: str) -> None:
        self._suite = suite
        self._meeting = meeting
        self._lab: _Lab | None = None

    def open(self) -> _Lab:
        if self._lab is None:
            bench = self._suite.bench(meeting=self._meeting)
            self._lab = _Lab(self._suite.make_executor(bench), bench)
        return self._lab

    def close(self) -> None:
        if self._lab is not None:
            self._lab.executor.close()
            self._lab = None


class _Lab:
    """An executor with a short way to submit and to wait."""

    def __init__(self, executor: Executor, bench: Bench) -> None:
        self.executor = executor
        self.bench = bench
        executor.open()

    def submit(
        self,
        candidate: Candidate,
        *,
        task: Task = _FINE,
        seed: int = 0,
        trace: TracePolicy = "broken",
        prepared: Finished | None = None,
    ) -> Trial:
        artefact: Artefact | None = prepared.record.artefact if prepared else None
        trial = Trial(
            bench=self.bench.digest,
            candidate=candidate.digest,
            pair=Pair(task=task, seed=seed, split="train", cluster=f"{task.id}#{seed}"),
            artefact=artefact,
            trace=trace,
        )
        self.executor.submit(trial, candidate, prepared.artefact_files if prepared else None)
        return trial

    def finish(self, count: int) -> list[Finished]:
        """Returns so many finished trials; fails if they take too long."""
        deadline = time.monotonic() + _PATIENCE_S
        found: list[Finished] = []
        while len(found) < count:
            left = deadline - time.monotonic()
            assert left > 0, f"{len(found)} of {count} trials finished in {_PATIENCE_S:g} s"
            finished = self.executor.next_finished(left)
            found += [finished] if finished else []
        return found


def _leaves(name: str) -> str:
    return _LEAVES_A_CHILD.replace("NAME", repr(name.encode()))


def _met(finished: Finished) -> float:
    assert finished.record.outcome is not None, finished.record.reason
    return finished.record.outcome.metrics["met"]


def _what_counts(record: TrialRecord) -> TrialRecord:
    """Returns a record without what a clock says."""
    usage = record.usage.model_copy(update={"wall_s": 0.0, "cpu_s": 0.0})
    return record.model_copy(update={"usage": usage})


def _wait_until_gone(*names: str) -> list[str]:
    """Returns the processes of these names that are still there after ten seconds."""
    deadline = time.monotonic() + 10
    while (left := _running(names)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _running(names: tuple[str, ...]) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name = (folder / "comm").read_text().strip()
        except OSError:
            # It ended while we looked.
            continue
        found += [name] if name in names else []
    return found
