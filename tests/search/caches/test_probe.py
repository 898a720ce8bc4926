"""Wherever a world keeps answers of an earlier candidate, it is found and named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.trial import Bench, Trial
from agentlab.search.caches.findings import Finding
from agentlab.search.caches.probe import CHECK, START, CacheProbe, Effort
from agentlab.search.caches.stage import Setting, Stage
from agentlab.search.schedule import Schedule
from agentlab.testing.environments.ranker import RankerEnvironment
from agentlab.trials.apart import Origin
from agentlab.trials.inline import InlineExecutor, MakeWorker
from tests.search.caches.stages import SPLIT_TARGET, WHOLE_TARGET, edits_of, pairs, setting
from tests.search.caches.worlds import Where

_RANKER = Path(__file__).parents[3] / "agentlab/testing/environments/targets/ranker/agent.py"


class Probed:
    """What was found of each file, and the trials that it took."""

    def __init__(
        self,
        baseline: Candidate,
        *,
        effort: Effort = START,
        is_deterministic: bool = True,
        **options: object,
    ) -> None:
        self.trials = 0
        given = setting(self._count, is_deterministic=is_deterministic, **options)
        with Origin() as origin:
            probe = CacheProbe(
                lambda: Stage(given, InlineExecutor(given.bench, make_worker=origin.worker)),
                baseline,
                pairs=pairs(effort.pairs),
                is_deterministic=is_deterministic,
                effort=effort,
            )
            self.found = {finding.file: finding for finding in probe.findings(edits_of(baseline))}

    def _count(self, trials: int) -> None:
        self.trials += trials


def test_a_world_that_keeps_nothing_is_sound_and_a_file_without_effect_is_told() -> None:
    probed = Probed(SPLIT_TARGET)

    assert {path: finding.level for path, finding in probed.found.items()} == {
        "agent.py": "sound",
        "style.py": "sound",
        "unused.py": "warning",
    }
    assert "is it used?" in probed.found["unused.py"].text


@pytest.mark.parametrize("keeps", ["object", "module", "temporary"])
def test_an_answer_kept_in_the_process_is_found_with_tool_and_argument(keeps: Where) -> None:
    finding = Probed(SPLIT_TARGET, keeps=keeps).found["style.py"]

    assert finding.level == "fault"
    assert "tool `look_up` answers from a cache that is keyed without `style`" in finding.text
    assert 'style=""' in finding.text


def test_an_answer_that_outlives_the_process_is_found_by_a_prompt_that_nobody_hears(
    tmp_path: Path,
) -> None:
    finding = Probed(SPLIT_TARGET, keeps="file", path=str(tmp_path / "kept")).found["style.py"]

    assert finding.level == "fault"
    assert "tool `look_up` answers the same with and without a text in `style`" in finding.text


def test_in_a_file_with_other_edits_it_is_a_warning(tmp_path: Path) -> None:
    kept = Probed(WHOLE_TARGET, effort=CHECK, keeps="file", path=str(tmp_path / "kept"))
    free = Probed(WHOLE_TARGET, effort=CHECK)

    assert kept.found["agent.py"].level == "warning"
    assert "`style`" in kept.found["agent.py"].text
    assert free.found["agent.py"].level == "sound"
    assert free.trials <= 40


def test_a_judge_that_remembers_is_found() -> None:
    finding = Probed(WHOLE_TARGET, counts=True).found["agent.py"]

    assert finding.level == "fault"
    assert "the judge or the meter" in finding.text


def test_a_world_that_varies_though_it_says_otherwise_is_not_accused(tmp_path: Path) -> None:
    finding = Probed(WHOLE_TARGET, effort=CHECK, varies=0.5, path=str(tmp_path / "chance")).found[
        "agent.py"
    ]

    assert finding.level == "unknown"
    assert "though the world says that it is deterministic" in finding.text


def test_a_world_that_varies_is_told_by_repetition(tmp_path: Path) -> None:
    def found(name: str, **options: object) -> Finding:
        return Probed(
            SPLIT_TARGET,
            effort=CHECK,
            is_deterministic=False,
            varies=0.3,
            path=str(tmp_path / name),
            **options,
        ).found["style.py"]

    free, kept = found("one"), found("other", keeps="object")

    assert free.level == "sound", free.text
    assert kept.level == "fault", kept.text
    assert "5 repetitions, p = " in kept.text


def test_before_a_run_a_world_that_varies_is_left_to_check(tmp_path: Path) -> None:
    finding = Probed(
        SPLIT_TARGET, is_deterministic=False, varies=0.5, path=str(tmp_path / "chance")
    ).found["style.py"]

    assert finding.level == "unknown"
    assert "agentlab check" in finding.text


class FirstComeFirstServed(InlineExecutor):
    """Runs the first candidate of each kind of trial in place of all later ones."""

    def __init__(self, bench: Bench, make_worker: MakeWorker, kinds: tuple[str, ...]) -> None:
        super().__init__(bench, make_worker=make_worker)
        self._kinds = kinds
        self._first: dict[str, Candidate] = {}

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        if trial.kind in self._kinds:
            candidate = self._first.setdefault(trial.kind, candidate)
        super().submit(trial, candidate, artefact_files)


def test_a_cache_of_our_own_that_ran_the_wrong_candidate_would_be_found() -> None:
    given = setting()
    with Origin() as origin:
        probe = CacheProbe(
            lambda: Stage(given, FirstComeFirstServed(given.bench, origin.worker, ("solve",))),
            WHOLE_TARGET,
            pairs=pairs(1),
            is_deterministic=True,
            effort=START,
        )
        (finding,) = probe.findings(edits_of(WHOLE_TARGET))

    assert finding.level == "fault"
    assert "what runs candidates keeps something of the earlier one" in finding.text


@pytest.mark.parametrize(("kinds", "level"), [(("prepare",), "fault"), ((), "sound")])
def test_a_preparation_belongs_to_its_candidate(kinds: tuple[str, ...], level: str) -> None:
    baseline = Candidate(files={"agent.py": _RANKER.read_bytes()})
    bench = Bench(
        environment=EnvironmentSpec(
            reference="agentlab.testing.environments.ranker:RankerEnvironment"
        ),
        target=TargetSpec(prepare="agent.py:prepare"),
        limits=Limits(wall_s=10),
        sandbox="plain",
    )
    given = Setting(bench, needs_preparation=True, preparation_seed=1, on_trials=lambda _: None)
    schedule = Schedule({"train": RankerEnvironment().tasks("train")}, seed=1, is_seeded=False)
    with Origin() as origin:
        probe = CacheProbe(
            lambda: Stage(given, FirstComeFirstServed(bench, origin.worker, kinds)),
            baseline,
            pairs=schedule.block("train", "probe", 0)[:1],
            is_deterministic=True,
            effort=CHECK,
        )
        (finding,) = probe.findings(edits_of(baseline))

    assert finding.level == level, finding.text
    assert ("prepare() leaves behind something else" in finding.text) == (level == "fault")


def test_an_environment_that_breaks_is_no_verdict() -> None:
    probed = Probed(WHOLE_TARGET, keeps="file", path="/proc/kept")

    assert probed.found["agent.py"].level == "unknown"
    assert "cannot be told: " in probed.found["agent.py"].text
