"""Near-duplicate texts in groups that the splits hold apart."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.task import SplitName, Task
from agentlab.measure.leaks import ALIKE, Leak, common_passage, find_leaks

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("ck", "n", "rm", "lt")]

ASKED = "Which invoices of the northern warehouse were paid twice during the strike?"


def sentence(seed: int, length: int = 12) -> str:
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) for _ in range(length))


def world(
    train: Sequence[str], test: Sequence[str], validation: Sequence[str] = ()
) -> tuple[Mapping[SplitName, list[Task]], dict[str, list[str]]]:
    """Returns tasks of groups of their own that say the given texts."""
    given: dict[SplitName, Sequence[str]] = {
        "train": train,
        "validation": validation,
        "test": test,
    }
    tasks = {
        split: [Task(id=f"{split}-{number}") for number in range(len(said))]
        for split, said in given.items()
    }
    texts = {
        task.id: [text]
        for split, said in given.items()
        for task, text in zip(tasks[split], said, strict=True)
    }
    return tasks, texts


def leaks(train: Sequence[str], test: Sequence[str]) -> tuple[Leak, ...]:
    others = [sentence(seed) for seed in range(40)]
    return find_leaks(*world([*train, *others[:20]], [*test, *others[20:]]))


@pytest.mark.parametrize(
    "copy",
    [
        ASKED,
        ASKED.upper() + "  !!",
        "Please: which invoices of the northern warehouse were paid twice during the strike",
        "which invoices of the northern warehouse were payd twice during the strike?",
        "Which invoices of the northern warehouse were paid twice in the strike?",
    ],
)
def test_a_copy_is_found_however_carelessly_it_was_made(copy: str) -> None:
    (leak,) = leaks([ASKED], [copy])

    assert (leak.task, leak.text) == ("train-0", ASKED)
    assert (leak.other, leak.other_text) == ("test-0", copy)
    assert ALIKE <= leak.similarity <= 1


@pytest.mark.parametrize(
    "other",
    [
        "During the strike, did the northern warehouse pay any of its bills two times?",
        "Which invoices of the southern depot were never paid before the merger?",
        "Who signed the contract with the northern railway after the strike was over?",
    ],
)
def test_other_words_or_another_question_are_no_copy(other: str) -> None:
    assert leaks([ASKED], [other]) == ()


def test_other_numbers_make_another_task() -> None:
    moved = "Move the green crate from shelf 12 of the eastern hall to shelf 7"

    assert leaks([moved], [moved.replace("12", "31")]) == ()
    assert len(leaks([moved], [moved])) == 1


@pytest.mark.parametrize(
    "text", ["sentence-transformers/all-mini-lm-l6-v2", "Version?", "play it", "", "\ud800"]
)
def test_names_and_what_says_too_little_are_not_compared(text: str) -> None:
    assert leaks([text], [text]) == ()


def test_text_without_spaces_is_compared_where_its_script_has_none() -> None:
    asked = "ที่ประชุมเมื่อวานอนุมัติงบประมาณเท่าไร"

    assert len(leaks([asked], [asked])) == 1


def test_the_wording_that_a_world_has_for_all_its_tasks_is_no_leak() -> None:
    told = "You are a careful assistant. Read the note and answer with one word only: {}"
    train = [told.format(sentence(seed, 6)) for seed in range(30)]
    test = [told.format(sentence(seed, 6)) for seed in range(100, 130)]

    assert find_leaks(*world(train, test)) == ()
    (leak,) = find_leaks(*world(train, [*test, train[3]]))
    assert {leak.task, leak.other} == {"train-3", "test-30"}


def test_within_a_split_and_within_a_group_all_may_be_alike() -> None:
    tasks, texts = world([ASKED, ASKED], [sentence(1)])
    assert find_leaks(tasks, texts) == ()
    shared: dict[SplitName, list[Task]] = {
        "train": [Task(id="a", group="one"), Task(id="c", group="two")],
        "validation": [Task(id="b", group="two"), Task(id="a", group="one")],
        "test": [Task(id="z", group="three")],
    }
    texts = {"a": [ASKED], "b": [ASKED], "c": [sentence(3)], "z": [sentence(2)]}
    assert find_leaks(shared, texts) == ()


def test_train_and_validation_are_held_apart_where_their_groups_are() -> None:
    (leak,) = find_leaks(*world([ASKED], [sentence(1)], validation=[ASKED]))

    assert {*leak.splits, *leak.other_splits} == {"train", "validation"}


def test_each_piece_of_a_task_counts_and_a_pair_is_told_once() -> None:
    tasks, texts = world([sentence(1)], [sentence(2)])
    texts["train-0"] += [ASKED, sentence(3)]
    texts["test-0"] += [sentence(3), ASKED.replace("paid", "payd")]

    (leak,) = find_leaks(tasks, texts)
    assert (leak.similarity, leak.text) == (1, sentence(3))


@given(st.lists(st.integers(0, 30), max_size=12), st.lists(st.integers(0, 30), max_size=12))
def test_all_copies_are_found_and_nothing_else(train: list[int], test: list[int]) -> None:
    spread = [sentence(seed) for seed in range(100, 180)]
    tasks, texts = world(
        [*(sentence(n) for n in train), *spread[:40]], [*(sentence(n) for n in test), *spread[40:]]
    )
    found = {frozenset((leak.task, leak.other)) for leak in find_leaks(tasks, texts)}
    copies = {
        frozenset((f"train-{place}", f"test-{other}"))
        for place, mine in enumerate(train)
        for other, theirs in enumerate(test)
        if mine == theirs and train.count(mine) + test.count(mine) <= 8
    }

    assert copies <= found
    assert all(texts[one] == texts[other] for one, other in (sorted(pair) for pair in found))


def test_ten_thousand_tasks_take_seconds() -> None:
    tasks, texts = world(
        [sentence(seed, 20) for seed in range(5_000)],
        [*(sentence(seed, 20) for seed in range(10_000, 14_999)), sentence(7, 20)],
    )
    began = time.process_time()

    assert len(find_leaks(tasks, texts)) == 1
    assert time.process_time() - began < 30


def test_the_common_passage_is_the_longest() -> None:
    other = f"So. {ASKED.upper()} Nobody knows"

    assert common_passage(f"Tell me: {ASKED}", other) == ASKED
    assert common_passage("abc", "xyz") == ""
