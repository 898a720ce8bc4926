"""What every environment does, whatever its world: inherit, override, run with pytest.

    class TestMyEnvironment(EnvironmentSuite):
        def make_environment(self):
            return MyEnvironment()

        def oracle(self, episode):
            return episode.the_right_answer

The environment must be given; an oracle is worth its lines.
"""

# A test's name is its sentence.
# ruff: noqa: D102

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import get_args

import pytest

from agentlab.core.candidate import Candidate, Files, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode, Yardstick
from agentlab.core.goal import Blob, Goal
from agentlab.core.limits import Limits
from agentlab.core.outcome import Outcome
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue, canonical_json
from agentlab.errors import ToolError
from agentlab.trials.executor import Finished
from agentlab.trials.inline import InlineExecutor

__all__ = ["EnvironmentSuite"]

_STUB_NAMES = {"Error", "artefact"}
"""What the candidate's `tools` has beside the tools themselves."""


class EnvironmentSuite:
    """Tests of one environment."""

    seeds: tuple[int, ...] = (0, 1)
    """Seeds that are tried on each task."""

    null_success_at_most: float = 0.0
    """Mean success that an agent may reach by doing nothing."""

    oracle_success_at_least: float = 1.0
    """Mean success that the oracle must reach."""

    def make_environment(self) -> Environment:
        """Returns the environment; it is made once for all tests, and closed after the last."""
        raise NotImplementedError("say which environment: override make_environment()")

    @pytest.fixture(scope="class")
    @classmethod
    def environment(cls) -> Iterator[Environment]:
        """Yields the environment."""
        environment = cls().make_environment()
        yield environment
        environment.close()

    def oracle(self, episode: Episode) -> JsonValue:
        """Solves an episode by whatever its hidden state tells, and returns the answer."""
        pytest.skip("this environment's suite has no oracle")

    def null(self, episode: Episode) -> JsonValue:
        """Does nothing and returns an answer that is worth nothing."""
        return None

    def observe(self, episode: Episode) -> JsonValue:
        """Returns what a candidate sees first, beside the goal: something the seed decides."""
        return None

    def wrong_answers(self, episode: Episode) -> Iterator[JsonValue]:
        """Yields answers of every shape that a candidate may send."""
        yield from _WRONG
        # Keys that a judge may look up, with values that it does not expect.
        keys = list(_keys(dict(episode.goal.inputs)))
        for value in _WRONG_VALUES:
            yield dict.fromkeys(keys, value)

    def tried(self, environment: Environment) -> list[tuple[Task, int]]:
        """Returns the tasks and seeds that are tried: the first and the last task of each split."""
        found: dict[str, Task] = {}
        for split in SPLITS:
            tasks = environment.tasks(split)
            found |= {task.id: task for task in (tasks[0], tasks[-1])}
        return [(task, seed) for task in found.values() for seed in self.seeds]

    @pytest.mark.parametrize("split", SPLITS)
    def test_every_split_has_tasks_in_a_fixed_order(
        self, environment: Environment, split: SplitName
    ) -> None:
        tasks = environment.tasks(split)
        ids = [task.id for task in tasks]

        assert ids
        assert len(set(ids)) == len(ids), "task ids are not unique"
        assert list(environment.tasks(split)) == list(tasks)
        assert [Task.model_validate_json(task.model_dump_json()) for task in tasks] == list(tasks)

    def test_one_id_is_one_task_in_all_splits(self, environment: Environment) -> None:
        by_id: dict[str, Task] = {}
        for split in SPLITS:
            for task in environment.tasks(split):
                assert by_id.setdefault(task.id, task) == task

    def test_the_test_split_holds_groups_that_no_other_has(self, environment: Environment) -> None:
        groups = {split: {task.group for task in environment.tasks(split)} for split in SPLITS}

        assert not groups["test"] & (groups["train"] | groups["validation"])

    def test_one_seed_gives_one_instance(self, environment: Environment) -> None:
        for task, seed in self.tried(environment):
            with _started(environment, task, seed) as episode:
                first = (episode.goal, self.observe(episode))
            with _started(environment, task, seed) as episode:
                assert (episode.goal, self.observe(episode)) == first

    def test_a_fixed_data_set_has_one_instance_of_each_task(self, environment: Environment) -> None:
        if environment.traits.is_seeded:
            pytest.skip("its seeds make fresh instances")
        for task, _ in self.tried(environment):
            with _started(environment, task, 0) as first, _started(environment, task, 1) as second:
                assert first.goal == second.goal

    def test_a_goal_is_plain_data_with_an_instruction(self, environment: Environment) -> None:
        mounted = {blob.sha256 for blob in environment.blobs()}
        for task, seed in self.tried(environment):
            with _started(environment, task, seed) as episode:
                _check_goal(episode.goal, mounted)

    def test_tools_are_described_and_typed(self, environment: Environment) -> None:
        for task, seed in self.tried(environment):
            with _started(environment, task, seed) as episode:
                for name, tool in episode.tools.items():
                    assert name.isidentifier(), name
                    assert name[0] != "_", name
                    assert name not in _STUB_NAMES, name
                    assert tool.description.strip(), f"{name} has no docstring"
                    _check_schema(name, tool.schema, tool.parameters)

    def test_tools_refuse_arguments_that_they_do_not_have(self, environment: Environment) -> None:
        task, seed = self.tried(environment)[0]
        with _started(environment, task, seed) as episode:
            for tool in episode.tools.values():
                with pytest.raises(ToolError) as caught:
                    tool.call({"no_such_argument": 1})
                assert caught.value.kind == "bad_arguments"

    def test_the_judge_takes_any_answer(self, environment: Environment) -> None:
        task, seed = self.tried(environment)[0]
        with _started(environment, task, seed) as episode:
            answers = list(self.wrong_answers(episode))
        for answer in answers:
            outcome = self._judged(environment, task, seed, answer)
            assert isinstance(outcome, Outcome), f"{_short(answer)} was judged {outcome!r}"

    def test_an_outcome_tells_the_declared_metrics_and_always_the_same_items(
        self, environment: Environment
    ) -> None:
        declared = {metric.name for metric in environment.traits.metrics}
        for task, seed in self.tried(environment):
            items = []
            for answer in range(3):
                outcome = self._judged(environment, task, seed, answer)
                assert set(outcome.metrics) == declared
                assert all(math.isfinite(value) for value in outcome.metrics.values())
                items.append([(item.id, item.cluster) for item in outcome.items])
                assert len({item.id for item in outcome.items}) == len(outcome.items)
            assert items[0] == items[1] == items[2]

    def test_the_oracle_solves(self, environment: Environment) -> None:
        outcomes = [
            self._played(environment, task, seed, is_oracle=True)
            for task, seed in self.tried(environment)
        ]

        assert _mean(outcomes) >= self.oracle_success_at_least, [o.feedback for o in outcomes]

    def test_doing_nothing_does_not_solve(self, environment: Environment) -> None:
        outcomes = [
            self._played(environment, task, seed, is_oracle=False)
            for task, seed in self.tried(environment)
        ]

        assert _mean(outcomes) <= self.null_success_at_most, [o.feedback for o in outcomes]

    def test_a_yardstick_is_what_it_is_called(self, environment: Environment) -> None:
        offered = environment.yardsticks()
        assert set(offered) <= set(get_args(Yardstick))

        for name, files in offered.items():
            outcomes = list(self._run(files, self.tried(environment)))
            if name == "oracle":
                assert all(outcome.success == 1 for outcome in outcomes), outcomes
            else:
                assert _mean(outcomes) <= self.null_success_at_most, outcomes

    def test_a_deterministic_world_repeats_itself(self, environment: Environment) -> None:
        if not environment.traits.is_deterministic:
            pytest.skip("it does not say that it is deterministic")
        for task, seed in self.tried(environment):
            first = self._played(environment, task, seed, is_oracle=True)

            assert self._played(environment, task, seed, is_oracle=True) == first

    def test_an_episode_that_nobody_judges_can_be_closed(self, environment: Environment) -> None:
        task, seed = self.tried(environment)[0]
        for _ in range(3):
            with _started(environment, task, seed):
                pass
        assert isinstance(self._judged(environment, task, seed, None), Outcome)

    def test_evidence_is_files_by_name(self, environment: Environment) -> None:
        task, seed = self.tried(environment)[0]
        with _started(environment, task, seed) as episode:
            for name, content in episode.evidence().items():
                assert isinstance(content, bytes), name
                assert "/" not in name, name

    def test_a_preparation_is_there_where_the_traits_promise_one(
        self, environment: Environment
    ) -> None:
        episode = environment.preparation(0)

        assert (episode is not None) == environment.traits.needs_preparation
        if episode is not None:
            try:
                _check_goal(episode.goal, {blob.sha256 for blob in environment.blobs()})
            finally:
                episode.close()

    def test_a_blob_is_what_its_address_says(self, environment: Environment) -> None:
        for blob in environment.blobs():
            assert Blob.of(blob.path) == blob

    def test_the_fingerprint_is_words_and_stays(self, environment: Environment) -> None:
        fingerprint = dict(environment.fingerprint())

        assert {type(word) for pair in fingerprint.items() for word in pair} <= {str}
        assert dict(environment.fingerprint()) == fingerprint

    def _run(self, files: Files, tried: list[tuple[Task, int]]) -> Iterator[Outcome]:
        """Runs a yardstick as a candidate is run, in a world of its own."""
        world = self.make_environment()
        prepares = "agent.py:prepare" if world.traits.needs_preparation else None
        bench = Bench(
            environment=EnvironmentSpec(reference=type(world).__name__),
            target=TargetSpec(prepare=prepares),
            limits=Limits(),
            sandbox="plain",
        )
        candidate = Candidate(files=dict(files))
        with closing(InlineExecutor(bench, environment=world)) as executor:
            artefact, left = None, None
            if prepares:
                prepare = Trial(bench=bench.digest, candidate=candidate.digest, kind="prepare")
                done = _finished(executor, prepare, candidate)
                artefact, left = done.record.artefact, done.artefact_files
            for task, seed in tried:
                pair = Pair(task=task, seed=seed, split="train", cluster=f"{task.id}#{seed}")
                trial = Trial(
                    bench=bench.digest, candidate=candidate.digest, pair=pair, artefact=artefact
                )
                record = _finished(executor, trial, candidate, left).record
                assert record.outcome is not None, f"{record.fate}: {record.reason}"
                yield record.outcome

    def _judged(
        self, environment: Environment, task: Task, seed: int, answer: JsonValue
    ) -> Outcome:
        with _started(environment, task, seed) as episode:
            return episode.judge(answer)

    def _played(
        self, environment: Environment, task: Task, seed: int, *, is_oracle: bool
    ) -> Outcome:
        with _started(environment, task, seed) as episode:
            answer = self.oracle(episode) if is_oracle else self.null(episode)
            return episode.judge(json.loads(canonical_json(answer)))


def _finished(
    executor: InlineExecutor,
    trial: Trial,
    candidate: Candidate,
    artefact_files: Mapping[str, bytes] | None = None,
) -> Finished:
    executor.submit(trial, candidate, artefact_files)
    finished = executor.next_finished(0)
    assert finished is not None
    return finished


@contextmanager
def _started(environment: Environment, task: Task, seed: int) -> Iterator[Episode]:
    episode = environment.start(task, seed)
    try:
        yield episode
    finally:
        episode.close()


def _check_goal(goal: Goal, mounted: set[str]) -> None:
    assert goal.instruction.strip(), "the goal has no instruction"
    text = goal.model_dump_json()
    assert Goal.model_validate_json(text) == goal
    assert set(_references(json.loads(text))) <= mounted, "a blob that is not in blobs()"


def _references(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"$blob"}:
        yield str(value["$blob"])
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _references(part)


def _check_schema(name: str, schema: Mapping[str, JsonValue], parameters: tuple[str, ...]) -> None:
    assert schema["type"] == "object", name
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    assert tuple(properties) == parameters, name
    for argument, described in properties.items():
        assert isinstance(described, dict)
        has_type = {"type", "anyOf", "allOf", "enum", "const", "$ref"} & set(described)
        assert has_type, f"{name}({argument}) may be anything: give it a type"


def _keys(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _keys(part)


def _nested(depth: int) -> JsonValue:
    value: JsonValue = []
    for _ in range(depth):
        value = [value, {"a": value}] if depth < 10 else [value]
    return value


def _mean(outcomes: list[Outcome]) -> float:
    return sum(outcome.success for outcome in outcomes) / len(outcomes)


def _short(answer: JsonValue) -> str:
    return repr(answer)[:80]


_WRONG_VALUES: tuple[JsonValue, ...] = (None, [], [[]], [{}], {}, "x", 1e308, [None] * 1000)
_WRONG: tuple[JsonValue, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1e308,
    "",
    "1.0",
    "NaN",
    "\ud800 \x00 \u202e",
    "x" * 1_000_000,
    [],
    [None],
    [[]],
    [{}],
    [1, "a", None, [2], {"b": 3}],
    ["x"] * 100_000,
    {},
    {"": None},
    {"success": 1, "score": 1.0, "outcome": {"success": 1}},
    {str(number): number for number in range(10_000)},
    _nested(5),
    _nested(200),
)
