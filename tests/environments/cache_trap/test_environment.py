"""The trap as every environment: its suite, its oracle; and how it catches a loop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.limits import Limits
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue
from agentlab.experiment.build import read_target
from agentlab.references import build_environment
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.trials.worker import TrialWorker

BASELINE = Candidate(files=dict(read_target("environments/cache_trap/target")))
FIELDS = b'("place", "activity", "season")'
IDEAS = (b'("place", "season", "activity")', b'("activity", "season", "place")')


class TestCacheTrap(EnvironmentSuite):
    """The conformance suite: apart from its cache, the world is in order."""

    def make_environment(self) -> Environment:
        return build_environment(EnvironmentSpec(reference="environments/cache_trap"))

    def oracle(self, episode: Any) -> JsonValue:
        fields = " ".join(["place", "activity", "season"])
        wanted = episode._wanted
        first = " ".join(sorted(wanted, key=fields.index))
        hits: list[dict[str, str]] = episode.search(episode.goal.inputs["query"], first)
        return hits[0]["id"]

    def observe(self, episode: Episode) -> JsonValue:
        return episode.goal.inputs["query"]


class Loop:
    """Keeps whatever scored higher, on fresh visitors each time, by one worker that stays warm."""

    def __init__(self, cached_by: str, folder: Path) -> None:
        bench = Bench(
            environment=EnvironmentSpec(
                reference="environments/cache_trap", options={"cached_by": cached_by}
            ),
            target=TargetSpec(),
            limits=Limits(wall_s=10),
            sandbox="plain",
        )
        self.worker = TrialWorker(bench, artefacts=folder)
        self._tasks = build_environment(bench.environment).tasks("train")
        self._evaluations = 0

    def score(self, candidate: Candidate) -> float:
        seeds = range(40 * self._evaluations, 40 * self._evaluations + 12)
        self._evaluations += 1
        records = [
            self.worker.run(
                Trial(
                    bench="b",
                    candidate=candidate.digest,
                    pair=Pair(task=task, seed=seed, split="train", cluster=task.id),
                ),
                candidate,
            ).record
            for seed in seeds
            for task in self._tasks
        ]
        return sum(record.success for record in records) / len(records)


@pytest.fixture
def loops(tmp_path: Path) -> Iterator[dict[str, Loop]]:
    made = {kind: Loop(kind, tmp_path / kind) for kind in ("query", "content")}
    yield made
    for loop in made.values():
        loop.worker.close()


def with_fields(fields: bytes) -> Candidate:
    edited = BASELINE.files["prompts.py"].replace(FIELDS, fields)
    assert edited != BASELINE.files["prompts.py"]
    return BASELINE.with_files({**BASELINE.files, "prompts.py": edited}, parent=BASELINE.digest)


def test_a_loop_keeps_two_gains_that_are_none(loops: dict[str, Loop]) -> None:
    seen, truth = (
        [loop.score(candidate) for candidate in (BASELINE, *map(with_fields, IDEAS))]
        for loop in (loops["query"], loops["content"])
    )

    assert seen[0] < seen[1] < seen[2], "each scored higher than all before, so it is kept"
    assert truth[0] > max(truth[1:]) + 0.05, "and each is worse"
    assert seen == pytest.approx([0.62, 0.77, 0.85], abs=0.06), "as the README says"
    assert truth == pytest.approx([0.62, 0.40, 0.48], abs=0.08), "as the README says"
