"""The executor on a local Ray: the same records, and workers that are replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import ray

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError
from agentlab.trials import ray_executor
from agentlab.trials.inline import InlineExecutor
from agentlab.trials.ray_executor import RayExecutor
from tests.trials.bench import GOOD, bench, body, trial

pytestmark = [pytest.mark.ray, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def executor() -> Iterator[RayExecutor]:
    executor = RayExecutor(bench(), slots=2)
    executor.open()
    yield executor
    executor.close()


def run(executor: RayExecutor, work: Sequence[tuple[Candidate, int]]) -> dict[str, TrialRecord]:
    for candidate, seed in work:
        executor.submit(trial(candidate, seed), candidate)
    assert executor.in_flight == len(work)
    records = {}
    while executor.in_flight:
        finished = executor.next_finished(5.0)
        if finished is not None:
            assert finished.record.key not in records
            records[finished.record.key] = finished.record
    return records


def test_the_same_trials_give_the_same_outcomes_as_inline(executor: RayExecutor) -> None:
    inline = InlineExecutor(bench())
    found = run(executor, [(GOOD, seed) for seed in range(12)])
    for seed in range(12):
        inline.submit(trial(GOOD, seed), GOOD)
        finished = inline.next_finished(1.0)
        assert finished is not None
        assert found[finished.record.key].outcome == finished.record.outcome
    inline.close()


def test_a_second_one_in_this_process_is_refused_and_does_the_first_no_harm(
    executor: RayExecutor,
) -> None:
    second = RayExecutor(bench(), slots=2)
    with pytest.raises(InputError, match="close that one first"):
        second.open()
    second.close()
    assert len(run(executor, [(GOOD, 50)])) == 1


def test_bad_candidates_cost_just_their_own_trials(executor: RayExecutor) -> None:
    bad = [
        body("raise ValueError"),
        body("import os; os._exit(1)"),
        body("import os; os.kill(os.getpid(), 9)"),
        body("import time; time.sleep(60)"),
        body("while True: pass"),
        body("x = bytearray(10 << 30)"),
    ]
    work = [(GOOD, seed) for seed in range(20, 32)] + [(candidate, 1) for candidate in bad]
    records = run(executor, work[::-1])
    good = [record for record in records.values() if record.candidate == GOOD.digest]
    assert len(good) == 12
    assert all(record.fate.is_judged for record in good)
    assert all(
        record.fate in (Fate.CRASHED, Fate.TIMEOUT, Fate.LIMIT)
        for record in records.values()
        if record.candidate != GOOD.digest
    )


def test_a_killed_worker_is_replaced_and_its_trial_told_as_lost(executor: RayExecutor) -> None:
    slow = body("import time; time.sleep(1); return 1")
    executor.submit(trial(slow), slow)
    executor.next_finished(0.3)
    for pid in _workers():
        os.kill(pid, signal.SIGKILL)
    lost = None
    while lost is None:
        lost = executor.next_finished(5.0)
    assert lost.record.fate is Fate.INFRA
    # A worker that was idle when it was killed is found out by the next trial it is given.
    fates = [record.fate for record in run(executor, [(GOOD, s) for s in range(40, 48)]).values()]
    assert fates.count(Fate.INFRA) <= 1
    again = run(executor, [(GOOD, seed) for seed in range(50, 58)])
    assert all(record.fate.is_judged for record in again.values())


def test_a_driver_that_was_away_for_long_loses_nothing(
    executor: RayExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # As if the driver came back only after every trial's time was over.
        patch.setattr(ray_executor, "_TOOL_GRACE_S", -60.0)
        for seed in range(60, 62):
            executor.submit(trial(GOOD, seed), GOOD)
    heads = [seat.queue[0].reference for seat in executor._seats]
    assert len(ray.wait(heads, num_returns=2, timeout=30)[0]) == 2
    found = [executor.next_finished(5.0), executor.next_finished(5.0)]
    assert all(finished and finished.record.fate.is_judged for finished in found)


def _workers() -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if words.startswith(b"ray::_Slot") and _is_ours(int(folder.name)):
                found.append(int(folder.name))
    return found


def _is_ours(pid: int) -> bool:
    """Returns whether a process descends from this one."""
    while pid > 1:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        pid = int(stat.rsplit(")", 1)[1].split()[1])
        if pid == os.getpid():
            return True
    return False
