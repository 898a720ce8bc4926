"""Splits that cannot bear a result are refused, with what would do."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.environment import Traits
from agentlab.core.task import SplitName, Task
from agentlab.experiment.config import MeasureConfig
from agentlab.experiment.splits import few_clusters, leaks_of, split_problems, told_leaks
from agentlab.measure.leaks import Leak
from agentlab.testing.environments.noisy import NoisyEnvironment

SEEDED = Traits()
FIXED = Traits(is_seeded=False)
USUAL = MeasureConfig()
TEXT = "Which invoices of the northern warehouse were paid twice during the strike?"
LEAK = Leak("a", frozenset({"train"}), TEXT, "b", frozenset({"test"}), TEXT.upper(), 1.0)


def split(*groups: str) -> list[Task]:
    return [Task(id=f"{group}-{number}", group=group) for group in groups for number in range(60)]


def problems(
    train: Sequence[Task],
    validation: Sequence[Task],
    test: Sequence[Task],
    *,
    traits: Traits = SEEDED,
    measure: MeasureConfig = USUAL,
    leaks: Sequence[Leak] = (),
) -> list[str]:
    tasks: dict[SplitName, Sequence[Task]] = {
        "train": train,
        "validation": validation,
        "test": test,
    }
    return split_problems(tasks, traits, measure, leaks)


def test_splits_that_are_held_apart_have_no_problem() -> None:
    assert problems(split("a"), split("a"), split("b")) == []
    assert problems(split("a"), split("b"), split("c"), traits=FIXED) == []


def test_the_test_may_share_no_group_with_any_other_split() -> None:
    train, validation = problems(split("a", "b"), split("b"), split("b", "c"))

    assert "group 'b' of the test split is in the train split as well" in train
    assert "group 'b' of the test split is in the validation split as well" in validation
    assert "agentlab.split_by_group" in train


def test_a_task_without_a_group_may_be_in_one_split_only() -> None:
    alone = [Task(id=f"t{number}") for number in range(60)]
    (train,) = problems(alone, split("a"), alone[:10])

    assert "groups 't0', 't1', 't2' and 7 more of the test split are in the train" in train


def test_a_fixed_data_set_may_not_validate_on_what_it_trains_on() -> None:
    (again,) = problems(split("a"), split("a"), split("b"), traits=FIXED)

    assert "'a-0', 'a-1', 'a-2' and 57 more of the validation split are in the train" in again
    assert "the same instance" in again


def test_empty_splits_are_told_and_nothing_else() -> None:
    assert problems([], [], []) == [
        f"environment: the {name} split has no tasks" for name in ("train", "validation", "test")
    ]


def test_too_few_clusters_are_told_with_the_number_needed() -> None:
    few = split("b")[:4]
    (said,) = problems(split("a"), split("a"), few, measure=MeasureConfig(final_blocks=6))

    assert said == (
        "measure.final_blocks: the test split has 24 independent clusters; at least 60 are needed "
        "to decide (4 tasks x 6 seeds): measure.final_blocks: 15 would do, or 6 more tasks"
    )


@given(st.integers(1, 40), st.integers(1, 12), st.integers(2, 200))
def test_what_is_said_to_do_would_do(tasks: int, blocks: int, needed: int) -> None:
    measure = MeasureConfig(final_blocks=blocks, min_clusters=needed)
    said = problems(split("a", "c"), split("d"), split("b")[:tasks], measure=measure)
    said = [line for line in said if "the test split has" in line]

    assert bool(said) == (tasks * blocks < needed)
    if said:
        words = said[0].split()
        enough_blocks = int(words[words.index("would") - 1])
        more_tasks = int(words[words.index("more") - 1].replace(",", ""))
        assert tasks * enough_blocks >= needed > tasks * (enough_blocks - 1)
        assert (tasks + more_tasks) * blocks >= needed > (tasks + more_tasks - 1) * blocks


def test_few_clusters_are_told_only_where_they_are_few() -> None:
    assert few_clusters("test", 60, MeasureConfig()) == ""
    assert "has 59 independent clusters" in few_clusters("test", 59, MeasureConfig())


def test_a_leak_is_a_problem_with_what_it_has_in_common() -> None:
    train, test = split("a"), split("b")
    (said,) = problems(train, train, test, leaks=[LEAK])

    assert said.splitlines()[0] == (
        "environment: 1 pair of tasks in different splits say nearly the same, so what is learnt "
        "on one is known on the other; give both one group, leave one out, or accept it by "
        "accept: [leaks]"
    )
    assert "'a' (train) and 'b' (test) say the same, similarity 1.00: 'Which invoices" in said


def test_what_a_task_says_is_shortened_and_cannot_act_on_a_terminal() -> None:
    hostile = "\x1b[2J\u202e" + "a very long question " * 20
    (line,) = told_leaks([LEAK._replace(task="\x1b]8;;", text=hostile, other_text=hostile)])

    assert line.isprintable()
    assert len(line) < 250


def test_many_leaks_are_told_by_their_worst() -> None:
    lines = list(told_leaks([LEAK] * 1_234))

    assert len(lines) == 6
    assert lines[-1] == "and 1,229 more such pairs"


def test_an_environment_says_itself_what_is_compared() -> None:
    class World(NoisyEnvironment):
        def texts_of(self, task: Task) -> Sequence[str]:
            return [TEXT] if task.id in ("open-3", "sealed-7") else []

    environment = World()
    names: tuple[SplitName, ...] = ("train", "validation", "test")
    tasks = {name: environment.tasks(name) for name in names}

    (leak,) = leaks_of(environment, tasks)
    assert {leak.task, leak.other} == {"open-3", "sealed-7"}
    assert {leak.splits, leak.other_splits} == {
        frozenset({"train", "validation"}),
        frozenset({"test"}),
    }
    assert leaks_of(NoisyEnvironment(), tasks) == ()
