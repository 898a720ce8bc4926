"""Promoted, refused by a loss on one of two, undecided; and what a kill leaves behind."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import agentlab
from agentlab.core.candidate import Candidate
from agentlab.core.progress import Progress, Silent
from agentlab.core.promotion import Promotion
from agentlab.errors import AgentlabError, InputError
from agentlab.experiment.benchmarks import Side
from agentlab.experiment.promote import promote, save_promotion
from agentlab.measure.promotion import rule
from agentlab.signing.envelope import open_envelope
from agentlab.store.run_folder import PARTIAL, RunFolder
from agentlab.store.store import Store
from agentlab.testing.environments.noisy import NoisyEnvironment
from agentlab.trials.debug import DEBUG_SANDBOX
from tests.experiment.contenders import (
    HOME,
    INCUMBENT,
    TIED,
    WINNER,
    benchmarks,
    write_benchmark,
)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    (tmp_path / "run").mkdir()
    return RunFolder(tmp_path / "run")


def promoted(folder: RunFolder, *files: str, **changes: Any) -> Promotion:
    overrides = changes.pop("overrides", ())
    given = {"policy": "no_regression", "margins": {}, "split": "test", "observer": Silent()}
    return promote(
        WINNER,
        INCUMBENT,
        benchmarks(*files, overrides=overrides),
        folder=folder,
        clock=lambda: NOW,
        **{**given, **changes},
    )


def kept_trials(folder: RunFolder) -> int:
    store = Store(folder.promotion_trials_url, read_only=True)
    try:
        return sum(store.count_trials(run.name) for run in store.runs())
    finally:
        store.close()


@pytest.mark.usefixtures("called")
def test_a_gain_without_a_loss_is_promoted(folder: RunFolder, tmp_path: Path) -> None:
    guarded = "{guards: [{metric: context_tokens, margin: 0.3}]}"
    first = write_benchmark(tmp_path, "first", objective=guarded)
    second = write_benchmark(tmp_path, "second", TIED)
    promotion = promoted(folder, first, second, margins={"success": 0.2})

    assert promotion.ruling.verdict == "promoted"
    (reason,) = promotion.ruling.reasons
    assert (reason.benchmark, reason.metric) == ("first", "success")
    on_first, on_second = promotion.benchmarks
    assert [finding.metric for finding in on_first.findings] == ["success", "context_tokens"]
    assert [finding.margin for finding in on_first.findings] == [0.2, 0.3]
    assert on_first.trials == on_second.trials == 2 * 12 * 5
    assert {len(seeds) for seeds in on_first.seeds.values()} == {5}
    assert on_first.fingerprint["python"]
    assert on_first.sandbox == DEBUG_SANDBOX
    assert set(on_first.folders) == {"target.path", "environment.reference"}
    assert promotion.winner.files.keys() == {"agent.py"}


@pytest.mark.usefixtures("called")
def test_a_loss_on_one_of_two_refuses_whatever_the_other_gains(
    folder: RunFolder, tmp_path: Path
) -> None:
    files = write_benchmark(tmp_path, "gains"), write_benchmark(tmp_path, "loses", HOME)
    promotion = promoted(folder, *files)

    assert promotion.ruling.verdict == "refused"
    (reason,) = promotion.ruling.reasons
    assert (reason.benchmark, reason.metric) == ("loses", "success")
    assert reason.text.startswith("worse by more than 0.05: -0.")


@pytest.mark.usefixtures("called")
def test_undecided_says_how_many_more_seeds_and_those_decide(
    folder: RunFolder, tmp_path: Path
) -> None:
    files = write_benchmark(tmp_path, "gains"), write_benchmark(tmp_path, "tied", TIED)
    promotion = promoted(folder, *files)

    assert promotion.ruling.verdict == "undecided"
    (reason,) = promotion.ruling.reasons
    assert (reason.benchmark, reason.metric) == ("tied", "success")
    needed = promotion.benchmarks[1].findings[0].no_regression.blocks_needed
    assert needed is not None
    assert reason.text.endswith(
        f"about {needed - 5} more seeds per task would show it: --set measure.final_blocks={needed}"
    )
    again = promoted(folder, *files, overrides=[f"measure.final_blocks={needed}"])
    assert again.ruling.verdict == "promoted"
    assert kept_trials(folder) == 2 * 2 * 12 * needed, "those that are known are not run again"
    first, later = promotion.benchmarks[1].seeds, again.benchmarks[1].seeds
    assert all(later[task][:5] == seeds for task, seeds in first.items())


@pytest.mark.usefixtures("called")
def test_beats_all_asks_for_a_gain_on_each(folder: RunFolder, tmp_path: Path) -> None:
    files = write_benchmark(tmp_path, "gains"), write_benchmark(tmp_path, "tied", TIED)
    margins = {"success": 0.2}
    promotion = promoted(folder, *files, policy="beats_all", margins=margins)

    assert promotion.ruling.verdict == "refused"
    (reason,) = promotion.ruling.reasons
    assert reason.benchmark == "tied"
    assert "no gain" in reason.text


class Interrupting(Silent):
    """Presses Ctrl-C once so many trials are measured."""

    def __init__(self, after: int) -> None:
        self._after = after

    def progress(self, progress: Progress) -> None:
        if progress.done >= self._after:
            raise KeyboardInterrupt


@pytest.mark.usefixtures("called")
def test_an_interrupted_promotion_goes_on_where_it_was(folder: RunFolder, tmp_path: Path) -> None:
    file = write_benchmark(tmp_path, "one")
    with pytest.raises(KeyboardInterrupt) as stopped:
        promoted(folder, file, observer=Interrupting(after=40))
    assert stopped.value.__notes__ == ["the same command goes on where this one was"]
    before = kept_trials(folder)
    assert 40 <= before < 120
    assert list(folder.promotions.glob("*.json")) == []

    resumed = promoted(folder, file)
    assert kept_trials(folder) == 120
    (other := tmp_path / "other").mkdir()
    assert resumed == promoted(RunFolder(other), file)


_DRIVER = """
import sys
from pathlib import Path
from agentlab.store.run_folder import RunFolder
from tests.experiment.test_promote import promoted
promoted(RunFolder(Path(sys.argv[1])), sys.argv[2])
"""


@pytest.mark.serial
def test_a_killed_promotion_leaves_no_half_record_and_loses_no_trial(
    folder: RunFolder, tmp_path: Path
) -> None:
    file = write_benchmark(tmp_path, "one")
    driver = subprocess.Popen([sys.executable, "-c", _DRIVER, str(folder.path), file], cwd=ROOT)
    while driver.poll() is None and _finished(folder) < 40:
        time.sleep(0.02)
    driver.kill()
    driver.wait()
    before = _finished(folder)
    assert 40 <= before < 120
    resumed = promoted(folder, file)
    assert kept_trials(folder) == 120
    (other := tmp_path / "other").mkdir()
    assert resumed == promoted(RunFolder(other), file)
    assert list(folder.promotions.glob("*.json")) == []
    assert list(folder.promotions.glob(f"{PARTIAL}*")) == []


def _finished(folder: RunFolder) -> int:
    try:
        return kept_trials(folder)
    except AgentlabError:
        # The store is being made at this very moment.
        return 0


@pytest.mark.usefixtures("called")
def test_what_a_preparation_left_is_there_for_the_next_promotion(
    folder: RunFolder, tmp_path: Path
) -> None:
    target = Path("agentlab/testing/environments/targets/ranker")
    source = (target / "agent.py").read_bytes()
    one = Side("one", Candidate(files={"agent.py": source}))
    other = Side("other", Candidate(files={"agent.py": source + b"\n# another\n"}))
    file = write_benchmark(
        tmp_path,
        "ranking",
        environment="agentlab.testing.environments.ranker:RankerEnvironment",
        target=f"{{path: {target}, prepare: 'agent.py:prepare'}}",
    )

    def once() -> Promotion:
        return promote(
            one,
            other,
            benchmarks(file, sides=(one, other)),
            policy="no_regression",
            margins={},
            split="test",
            folder=folder,
            observer=Silent(),
            clock=lambda: NOW,
        )

    first = once()
    assert once() == first, "both were found again, and so was what they had prepared"
    assert first.benchmarks[0].blocks is None
    assert first.ruling.verdict != "promoted"


@pytest.mark.usefixtures("called")
def test_a_changed_world_is_measured_anew(folder: RunFolder, tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    text = (
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "ENVIRONMENT = NoisyEnvironment\n"
    )
    (world / "environment.py").write_text(text)
    file = write_benchmark(tmp_path, "own", environment=str(world))
    promoted(folder, file)
    (world / "environment.py").write_text(text + "# harder\n")
    promoted(folder, file)
    assert kept_trials(folder) == 2 * 120


class DataWorld(NoisyEnvironment):
    """Has data where no setting names them by itself, so that its fingerprint alone tells."""

    def __init__(self, files: list[str]) -> None:
        super().__init__()
        self._data = agentlab.read_jsonl(files[0], _Row, version="7")

    def fingerprint(self) -> Mapping[str, str]:
        return self._data.fingerprint


class _Row(BaseModel):
    id: str


@pytest.mark.usefixtures("called")
def test_data_that_changed_are_measured_anew_and_the_record_tells_which(
    folder: RunFolder, tmp_path: Path
) -> None:
    data = tmp_path / "rows.jsonl"
    world = f"{{reference: '{__name__}:DataWorld', options: {{files: ['{data}']}}}}"
    file = write_benchmark(tmp_path, "own", environment=world)
    told = []
    for text, trials in (("one", 120), ("one", 120), ("other", 240), ("one", 240)):
        data.write_text(f'{{"id": "{text}"}}\n')
        (report,) = promoted(folder, file).benchmarks
        assert kept_trials(folder) == trials
        assert report.fingerprint["environment:rows.jsonl:version"] == "7"
        told.append(report.fingerprint["environment:rows.jsonl:sha256"])
    assert told[0] == told[1] == told[3] != told[2]
    assert told[0] == hashlib.sha256(data.read_bytes()).hexdigest()


@pytest.mark.usefixtures("called")
def test_the_record_lies_below_the_run_and_where_it_is_asked_for(
    folder: RunFolder, tmp_path: Path
) -> None:
    promotion = promoted(folder, write_benchmark(tmp_path, "one"))
    out = tmp_path / "out.json"
    places = [save_promotion(promotion, folder, key=None, out=out) for _ in range(2)]

    assert [place.name for place in places] == ["20260102-030405.json", "20260102-030405-2.json"]
    assert places[0].read_bytes() == places[1].read_bytes() == out.read_bytes()
    envelope = open_envelope(out.read_bytes(), "promotion", "out.json")
    assert envelope.signature is None
    read_back = Promotion.model_validate(envelope.payload)
    assert read_back == promotion
    assert rule(read_back.policy, read_back.benchmarks) == promotion.ruling
    assert json.loads(out.read_bytes())["payload"]["ruling"]["verdict"] == "promoted"


@pytest.mark.usefixtures("called")
def test_a_run_that_is_driven_cannot_be_promoted_beside(folder: RunFolder, tmp_path: Path) -> None:
    file = write_benchmark(tmp_path, "one")
    with folder.locked(), pytest.raises(InputError, match="another driver"):
        promoted(folder, file)
