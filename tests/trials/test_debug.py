"""Trials in this process, where a debugger sees the candidate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Trial
from agentlab.references import build_environment
from agentlab.trials.debug import DEBUG_SANDBOX, DebugWorker
from agentlab.trials.worker import TrialWorker
from tests.trials.bench import GOOD, bench, body, trial
from tests.trials.test_worker import BrokenEnvironment


class Debugger:
    """A worker and what it told."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.told: list[str] = []
        given = {"bench": bench(), "artefacts": folder} | more
        self.worker = DebugWorker(tell=self.told.append, **given)  # type: ignore[arg-type]

    def fate(self, candidate: Candidate) -> tuple[Fate, str]:
        record = self.worker.run(trial(candidate), candidate).record
        assert record.sandbox == DEBUG_SANDBOX
        return record.fate, record.reason


Make = Callable[..., Debugger]


@pytest.fixture
def debugger(tmp_path: Path) -> Iterator[Make]:
    made: list[Debugger] = []

    def make(**more: object) -> Debugger:
        made.append(Debugger(tmp_path / "artefacts", **more))
        return made[-1]

    yield make
    for each in made:
        each.worker.close()


def test_it_says_that_nothing_is_measured(debugger: Make) -> None:
    (told,) = debugger().told
    assert "no sandbox" in told
    assert "nothing is measured" in told


def test_outcome_and_usage_are_those_of_the_sandbox(debugger: Make, tmp_path: Path) -> None:
    walled = TrialWorker(bench(), artefacts=tmp_path)
    try:
        wanted = walled.run(trial(GOOD, 3), GOOD)
    finally:
        walled.close()
    found = debugger().worker.run(trial(GOOD, 3), GOOD)
    assert found.record.outcome == wanted.record.outcome
    clock = {"wall_s": 0.0, "cpu_s": 0.0}
    assert found.record.usage.model_copy(update=clock) == wanted.record.usage.model_copy(
        update=clock
    )
    assert [frame.frame for frame in found.trace] == [frame.frame for frame in wanted.trace] or (
        not wanted.trace
    )


def test_its_trials_are_never_those_of_a_measurement(debugger: Make, tmp_path: Path) -> None:
    walled = TrialWorker(bench(), artefacts=tmp_path)
    walled.close()
    assert debugger().worker.opened.fingerprint != walled.opened.fingerprint


def test_an_exception_is_told_whole_and_once_and_costs_its_own_trial(debugger: Make) -> None:
    lab, broken = debugger(), body("{}['knob']")
    for _ in range(2):
        assert lab.fate(broken) == (Fate.CRASHED, "KeyError: 'knob'")
    (traceback,) = lab.told[1:]
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert "in solve\n    {}['knob']\n" in traceback
    assert "stub.py" not in traceback
    assert lab.fate(GOOD)[0].is_judged


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "import sys; sys.exit()", "1 / 0"])
def test_whatever_a_candidate_raises_is_its_ending(debugger: Make, source: str) -> None:
    assert debugger().fate(body(source))[0] is Fate.CRASHED


def test_a_target_that_is_as_on_disk_runs_from_there(debugger: Make, tmp_path: Path) -> None:
    source = tmp_path / "target"
    source.mkdir()
    text = "def solve(goal, tools):\n    import helper\n    helper.fail()\n"
    (source / "agent.py").write_text(text)
    (source / "helper.py").write_text("def fail():\n    raise ValueError('here')\n")
    lab = debugger(source=source)
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    lab.fate(Candidate(files=files))
    assert f'File "{source}/helper.py", line 2, in fail' in lab.told[1]
    lab.fate(Candidate(files={**files, "helper.py": b"def fail():\n    raise OSError\n"}))
    assert str(source) not in lab.told[2]
    assert not (source / "__pycache__").exists()


def test_each_trial_starts_afresh_and_leaves_nothing(debugger: Make) -> None:
    source = (
        "COUNT = []\n"
        "def solve(goal, tools):\n"
        "    from pathlib import Path\n"
        "    COUNT.append(1)\n"
        "    assert len(COUNT) == 1\n"
        "    assert not Path('mark').exists() and Path('agent.py').exists()\n"
        "    Path('mark').touch()\n"
    )
    before = Path.cwd(), list(sys.path)
    lab = debugger()
    for _ in range(2):
        assert lab.fate(Candidate(files={"agent.py": source.encode()}))[0].is_judged, lab.told
    assert (Path.cwd(), list(sys.path)) == before
    assert "agent" not in sys.modules


def test_a_module_of_the_same_name_that_is_here_is_put_back(debugger: Make) -> None:
    ours = sys.modules["pytest"]
    files = {
        "agent.py": b"from pytest import X\ndef solve(goal, tools):\n    return X\n",
        "pytest.py": b"X = 1\n",
    }
    lab = debugger()
    assert lab.fate(Candidate(files=files))[0].is_judged, lab.told
    assert sys.modules["pytest"] is ours


@pytest.mark.parametrize("net", ["except Exception", "except BaseException", "except"])
def test_a_limit_ends_the_trial_whatever_the_candidate_catches(debugger: Make, net: str) -> None:
    source = f"for _ in range(300):\n    try:\n        tools.turn(0, 0.5)\n    {net}:\n        pass"
    assert debugger().fate(body(source)) == (Fate.LIMIT, "tool_calls")


def test_arguments_arrive_as_over_the_wire(debugger: Make) -> None:
    lab = debugger()
    kinds = (
        "try: tools.turn(0, 'x')\nexcept tools.Error as error: assert error.kind == 'bad_arguments'"
    )
    assert lab.fate(body(kinds))[0].is_judged, lab.told
    assert lab.fate(body("tools.turn(0, object())"))[0] is Fate.CRASHED
    assert lab.fate(body("return object()"))[1].startswith("AnswerError")


@pytest.mark.parametrize(
    ("where", "error"), [("start", RuntimeError), ("tool", KeyError), ("judge", ZeroDivisionError)]
)
def test_what_the_environment_raises_goes_through(
    debugger: Make, where: str, error: type[Exception]
) -> None:
    lab = debugger(environment=BrokenEnvironment(where))
    caught = "try: tools.work()\nexcept BaseException: pass"
    with pytest.raises(error, match=where):
        lab.fate(body(caught))


def test_a_world_that_is_out_of_order_is_retried_as_ever(debugger: Make) -> None:
    lab = debugger(environment=BrokenEnvironment("infra"))
    assert lab.fate(body("tools.work()")) == (Fate.INFRA, "the browser died")


def test_a_violation_is_the_candidates(debugger: Make) -> None:
    lab = debugger(environment=BrokenEnvironment("violation"))
    assert lab.fate(body("tools.work()")) == (Fate.VIOLATION, "that is not allowed")


def test_a_preparation_is_kept_and_shown(debugger: Make) -> None:
    spec = EnvironmentSpec(reference="agentlab.testing.environments.ranker:RankerEnvironment")
    folder = Path("agentlab/testing/environments/targets/ranker")
    candidate = Candidate(files={"agent.py": (folder / "agent.py").read_bytes()})
    lab = debugger(
        bench=Bench(
            environment=spec, target=TargetSpec(prepare="agent.py:prepare"), limits=bench().limits
        )
    )
    prepared = lab.worker.run(
        Trial(bench="b", candidate=candidate.digest, kind="prepare"), candidate
    )
    assert prepared.record.fate is Fate.SOLVED, lab.told
    assert prepared.artefact_files
    (task, *_) = build_environment(spec).tasks("train")
    pair = trial(candidate).pair
    assert pair is not None
    solving = Trial(
        bench="b",
        candidate=candidate.digest,
        pair=pair.model_copy(update={"task": task}),
        artefact=prepared.record.artefact,
    )
    assert lab.worker.run(solving, candidate, None).record.fate.is_judged, lab.told
