"""What `prepare()` leaves behind: for the trials of its own candidate, and for no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.testing.environments.ranker import RankerEnvironment
from agentlab.trials.executor import Executor, Finished
from agentlab.trials.inline import InlineExecutor

BENCH = Bench(
    environment=EnvironmentSpec(reference="agentlab.testing.environments.ranker:RankerEnvironment"),
    target=TargetSpec(prepare="agent.py:prepare"),
    limits=Limits(wall_s=10),
)
PAIR = Pair(task=RankerEnvironment().tasks("train")[0], seed=0, split="train", cluster="batch")
_READS = "return (tools.artefact / 'index.txt').read_text()"
_SNOOPS = """
import os
top = ['/' + name for name in os.listdir('/') if name not in SYSTEM]
places = [*top, os.getcwd(), str(tools.artefact.parent / 'DIGEST'), '/artefacts/DIGEST']
found = set()
for place in places:
    for folder, _, names in os.walk(place):
        for name in names:
            try:
                found.add(open(os.path.join(folder, name), 'rb').read(64))
            except OSError:
                pass
return sorted(text.decode() for text in found if text.startswith(b'index of'))
""".replace("SYSTEM", "('proc', 'sys', 'dev', 'usr', 'lib', 'lib64', 'bin', 'sbin', 'etc')")


def writer(name: str, solve: str) -> Candidate:
    """Returns a candidate whose index is its name."""
    lines = "\n".join(f"    {line}" for line in solve.strip().splitlines())
    source = (
        "def prepare(goal, tools):\n"
        f"    (tools.artefact / 'index.txt').write_text('index of {name}')\n\n\n"
        f"def solve(goal, tools):\n{lines}\n"
    )
    return Candidate(files={"agent.py": source.encode()})


def make_inline() -> Executor:
    return InlineExecutor(BENCH)


def make_ray() -> Executor:
    from agentlab.trials.ray_executor import RayExecutor

    return RayExecutor(BENCH, slots=2)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(make_inline, id="inline"),
        pytest.param(make_ray, id="ray", marks=pytest.mark.ray),
    ],
)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    executor: Executor = request.param()
    executor.open()
    yield executor
    executor.close()


def run(executor: Executor, candidate: Candidate, prepared: Finished | None = None) -> Finished:
    trial = Trial(
        bench=BENCH.digest,
        candidate=candidate.digest,
        kind="solve" if prepared else "prepare",
        pair=PAIR if prepared else None,
        artefact=prepared.record.artefact if prepared else None,
        trace="always",
    )
    executor.submit(trial, candidate, prepared.artefact_files if prepared else None)
    finished = None
    while finished is None:
        finished = executor.next_finished(5.0)
    return finished


def answer(finished: Finished) -> Any:
    assert finished.record.fate.is_judged, finished.record.reason
    return finished.trace[-1].frame["answer"]


def test_solve_reads_what_prepare_wrote(executor: Executor) -> None:
    candidate = writer("one", _READS)
    prepared = run(executor, candidate)
    assert prepared.record.fate is Fate.SOLVED
    assert dict(prepared.artefact_files) == {"index.txt": b"index of one"}
    assert answer(run(executor, candidate, prepared)) == "index of one"


def test_another_candidates_artefact_is_not_to_be_seen(executor: Executor) -> None:
    theirs = writer("theirs", _READS)
    their_index = run(executor, theirs)
    assert their_index.record.artefact is not None
    mine = writer("mine", _SNOOPS.replace("DIGEST", their_index.record.artefact.digest))
    my_index = run(executor, mine)
    # Their trials bring their artefact to every slot that mine may run in.
    for _ in range(2 * executor.slots):
        assert answer(run(executor, theirs, their_index)) == "index of theirs"
    for _ in range(2 * executor.slots):
        assert answer(run(executor, mine, my_index)) == ["index of mine"]


def test_an_artefact_is_read_only(executor: Executor) -> None:
    candidate = writer("firm", "(tools.artefact / 'index.txt').write_text('changed')")
    crashed = run(executor, candidate, run(executor, candidate)).record
    assert crashed.fate is Fate.CRASHED
    assert (
        answer(run(executor, writer("firm", _READS), run(executor, candidate))) == "index of firm"
    )
