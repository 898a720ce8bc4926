"""Whether the splits of a world can bear a result: held apart, without leaks, large enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agentlab.core.counting import counted
from agentlab.core.environment import Environment, Traits
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.experiment.config import MeasureConfig
from agentlab.measure.leaks import Leak, common_passage, find_leaks
from agentlab.report.escape import one_line

__all__ = ["few_clusters", "leaks_of", "split_problems", "told_leaks"]

_SHOWN = 5
_PASSAGE = 60
"""Characters of a passage that are shown."""

Tasks = Mapping[SplitName, Sequence[Task]]


def leaks_of(environment: Environment, tasks: Tasks) -> tuple[Leak, ...]:
    """Returns the tasks that say the same although the splits hold their groups apart."""
    different = {task.id: task for split in SPLITS for task in tasks[split]}
    return find_leaks(
        tasks, {name: tuple(environment.texts_of(task)) for name, task in different.items()}
    )


def split_problems(
    tasks: Tasks, traits: Traits, measure: MeasureConfig, leaks: Sequence[Leak]
) -> list[str]:
    """Returns what is wrong with the splits, each problem with what would be right.

    Args:
        tasks: By split.
        traits: Whether there are fresh seeds.
        measure: How many clusters are needed.
        leaks: Those that are not accepted.
    """
    return [
        *(f"environment: the {split} split has no tasks" for split in SPLITS if not tasks[split]),
        *_shared(tasks, traits),
        *_leak_problems(leaks),
        *(_cluster_problems(tasks, measure) if traits.is_seeded else ()),
    ]


def told_leaks(leaks: Sequence[Leak]) -> Iterator[str]:
    """Yields a line for each of the worst leaks, and one for the rest."""
    for leak in leaks[:_SHOWN]:
        passage = one_line(common_passage(leak.text, leak.other_text), limit=_PASSAGE)
        yield (
            f"{_task(leak.task)} ({_splits(leak.splits)}) and {_task(leak.other)} "
            f"({_splits(leak.other_splits)}) say the same, similarity {leak.similarity:.2f}: "
            f"'{passage}'"
        )
    if len(leaks) > _SHOWN:
        yield f"and {len(leaks) - _SHOWN:,} more such pairs"


def few_clusters(split: SplitName, clusters: int, measure: MeasureConfig) -> str:
    """Returns the beginning of what is told of a split that is too small; empty where it is not."""
    if clusters >= measure.min_clusters:
        return ""
    return (
        f"the {split} split has {counted(clusters, 'independent cluster')}; at least "
        f"{measure.min_clusters} are needed to decide"
    )


def _shared(tasks: Tasks, traits: Traits) -> Iterator[str]:
    """Yields what the test, or the validation of a fixed data set, has in common with others."""
    groups = {split: {task.group_or_id: task for task in tasks[split]} for split in SPLITS}
    for split in ("train", "validation"):
        common = [name for name in groups["test"] if name in groups[split]]
        if common:
            yield (
                f"environment: {_named(common)} of the test split {_is(common)} in the {split} "
                "split as well; the test must hold groups that no other split has "
                "(agentlab.split_by_group deals whole groups)"
            )
    in_train = {task.id for task in tasks["train"]}
    again = [task.id for task in tasks["validation"] if task.id in in_train]
    if again and not traits.is_seeded:
        yield (
            f"environment: {_named(again, what='task')} of the validation split "
            f"{_is(again)} in the train split as well; without fresh seeds that is the same "
            "instance (agentlab.split_by_group deals each task once)"
        )


def _leak_problems(leaks: Sequence[Leak]) -> Iterator[str]:
    if not leaks:
        return
    head = (
        f"environment: {counted(len(leaks), 'pair')} of tasks in different splits say nearly the "
        "same, so what is learnt on one is known on the other; give both one group, leave one "
        "out, or accept it by accept: [leaks]"
    )
    yield "\n  ".join((head, *told_leaks(leaks)))


def _cluster_problems(tasks: Tasks, measure: MeasureConfig) -> Iterator[str]:
    for split in ("validation", "test"):
        count = len(tasks[split])
        if count and (few := few_clusters(split, count * measure.final_blocks, measure)):
            blocks = -(-measure.min_clusters // count)
            more = -(-measure.min_clusters // measure.final_blocks) - count
            yield (
                f"measure.final_blocks: {few} ({counted(count, 'task')} x "
                f"{counted(measure.final_blocks, 'seed')}): "
                f"measure.final_blocks: {blocks} would do, or {counted(more, 'more task')}"
            )


def _named(names: Sequence[str], *, what: str = "group") -> str:
    shown = ", ".join(_task(name) for name in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{what}{'s' if len(names) > 1 else ''} {shown}{more}"


def _is(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"


def _task(name: str) -> str:
    return f"'{one_line(name, limit=_PASSAGE)}'"


def _splits(names: frozenset[SplitName]) -> str:
    return " and ".join(split for split in SPLITS if split in names)
