"""The small worlds with their targets, as a run has them: sandbox, wire, meter, artefact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

import agentlab.testing
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import SplitName
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.references import build_environment
from agentlab.trials.executor import Finished
from agentlab.trials.inline import InlineExecutor

WORLDS = Path(agentlab.testing.__file__).parent / "environments"
NO_EDITS: Mapping[str, str] = {}


class World(NamedTuple):
    executor: InlineExecutor
    bench: Bench
    source: str

    def measure(
        self, edits: Mapping[str, str] = NO_EDITS, *, split: SplitName = "train", seeds: int = 4
    ) -> list[TrialRecord]:
        """Returns the records of the target, edited, on the tasks of a split."""
        source = self.source
        for old, new in edits.items():
            assert old in source
            source = source.replace(old, new)
        candidate = Candidate(files={"agent.py": source.encode()})
        prepared = self._prepared(candidate) if self.bench.target.prepare else None
        environment = build_environment(self.bench.environment)
        for task in environment.tasks(split):
            for seed in range(seeds):
                trial = Trial(
                    bench=self.bench.digest,
                    candidate=candidate.digest,
                    pair=Pair(task=task, seed=seed, split=split, cluster=task.id),
                    artefact=prepared.record.artefact if prepared else None,
                )
                files = prepared.artefact_files if prepared else None
                self.executor.submit(trial, candidate, files)
        return [finished.record for finished in self._finished()]

    def _prepared(self, candidate: Candidate) -> Finished:
        trial = Trial(bench=self.bench.digest, candidate=candidate.digest, kind="prepare")
        self.executor.submit(trial, candidate)
        (finished,) = self._finished()
        assert finished.record.fate is Fate.SOLVED, finished.record.reason
        return finished

    def _finished(self) -> Iterator[Finished]:
        while (finished := self.executor.next_finished(30)) is not None:
            yield finished


Open = Callable[..., World]


@pytest.fixture
def world() -> Iterator[Open]:
    opened: list[InlineExecutor] = []

    def open_world(name: str, prepare: str | None = None) -> World:
        reference = f"agentlab.testing.environments.{name}:{name.capitalize()}Environment"
        bench = Bench(
            environment=EnvironmentSpec(reference=reference),
            target=TargetSpec(prepare=prepare),
            limits=Limits(),
        )
        opened.append(InlineExecutor(bench))
        opened[-1].open()
        return World(opened[-1], bench, (WORLDS / "targets" / name / "agent.py").read_text())

    yield open_world
    for executor in opened:
        executor.close()


def success(records: list[TrialRecord]) -> float:
    assert all(record.fate.is_judged for record in records), [r.reason for r in records]
    return sum(record.success for record in records) / len(records)


def test_a_ranker_finds_more_by_an_index_that_knows_rare_words(world: Open) -> None:
    ranker = world("ranker", prepare="agent.py:prepare")
    rare = {
        "    index = {": "    texts = [set(words(document['text'])) for document in documents]\n"
        "    index = {",
        'words(document["text"]) for document in documents}': "{word: 1 / sum(word in text for "
        "text in texts) for word in words(document['text'])} for document in documents}",
        "return len(set(found)) + REPEATS * sum(document.count(word) for word in found)": "return "
        "sum(document[word] for word in set(found))",
    }

    before, after = ranker.measure(seeds=1), ranker.measure(rare, seeds=1)

    assert 0.0 < success(before) < success(after) < 1.0
    assert all(len(record.items) == 12 for record in [*before, *after])
    assert all(record.usage.context_tokens > 0 for record in before)
    assert all(record.artefact is None for record in before)


def test_a_damped_controller_comes_to_rest_in_a_hundred_calls(world: Open) -> None:
    stepper = world("stepper")

    before = stepper.measure(split="test")
    after = stepper.measure(
        {"GAIN = 2.0": "GAIN = 4.0", "DAMPING = 0.5": "DAMPING = 4.0"}, split="test"
    )

    assert 0.0 < success(before) < success(after) == 1.0
    assert {record.usage.steps for record in before} == {100}
    assert {record.usage.tool_calls for record in before} == {101}


def test_a_caller_that_sends_less_spends_less(world: Open) -> None:
    caller = world("caller")
    relevant = {
        'goal.inputs["diary"][-LINES:]': '[line for line in goal.inputs["diary"]'
        " if goal.instruction.split()[4] in line]"
    }

    before, after = caller.measure(), caller.measure(relevant)

    assert success(before) == success(after) == 1.0
    for long, short in zip(before, after, strict=True):
        assert 0 < short.usage.context_tokens < long.usage.context_tokens / 2
        assert long.usage.context_tokens == long.usage.prompt_tokens
        assert 0 < short.usage.cost_usd < long.usage.cost_usd
        assert long.usage.cost_kind == "metered"


def test_a_world_of_chance_gives_each_candidate_the_same_draws(world: Open) -> None:
    noisy = world("noisy")

    first, again = noisy.measure(seeds=2), noisy.measure(seeds=2)
    better = noisy.measure({"(0.6, 0.3, 0.5)": "(0.9, 0.1, 0.6)"}, seeds=2)

    assert [record.success for record in first] == [record.success for record in again]
    assert 0.0 < success(first) < success(better) == 1.0
