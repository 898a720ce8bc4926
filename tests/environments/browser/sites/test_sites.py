"""All sites: splits that share nothing, pages that a seed decides, judges that cannot be fooled."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from agentlab.core.task import SPLITS, SplitName
from environments.browser.sites import site_tasks
from environments.browser.sites.data import read_json
from environments.browser.sites.sides import SIDES
from environments.browser.sites.skin import load_skin

TASKS = [task.id for split in SPLITS for task in site_tasks(split)]
FAMILIES = ("shop", "checkout", "table", "dialogs", "document")
TEMPLATES = [
    (family, template) for family in FAMILIES for template in read_json(f"phrases/{family}.json")
]
PAIRS = list(itertools.combinations(SPLITS, 2))
SKINS = ("paper", "slate", "linen", "moss", "ember", "chalk")
MARKUP = ("button", "label", "names", "is_reversed", "navigation", "is_spoken")
Open = Callable[[str, int], Any]


def _text(page: str) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _slots(wording: str) -> set[str]:
    return {slot for _, slot, _, _ in string.Formatter().parse(wording) if slot}


def _leaves(words: Any) -> set[str]:
    """Returns all texts in lists and mappings."""
    if isinstance(words, str):
        return {words.casefold()}
    parts = words.values() if isinstance(words, dict) else words
    return {leaf for part in parts for leaf in _leaves(part)}


def _shape(words: dict[str, list[Any]]) -> dict[str, int]:
    return {key: len(values) for key, values in words.items()}


def _parts(split: SplitName) -> set[str]:
    return {part for task in site_tasks(split) for part in task.group.split("/")}


def _wordings(family: str, split: SplitName) -> set[str]:
    """Returns the instructions of a family on one side, but for mere lists of slots."""
    return {
        wording
        for template, kinds in read_json(f"phrases/{family}.json").items()
        if SIDES[template] == split
        for kind, wordings in kinds.items()
        if kind not in ("labels", "joint")
        for wording in wordings
    }


def test_there_are_twenty_tasks_to_learn_from_and_ten_on_either_side_to_be_judged_by() -> None:
    assert [len(site_tasks(split)) for split in SPLITS] == [20, 10, 10]
    assert len(set(TASKS)) == 40


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_splits_have_families_in_common_and_nothing_else(
    one: SplitName, other: SplitName
) -> None:
    for split in (one, other):
        assert {task.id.split("/")[0] for task in site_tasks(split)} == set(FAMILIES)
    assert not _parts(one) & _parts(other)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_instruction_of_a_split_is_worded_as_one_of_another(
    one: SplitName, other: SplitName, family: str
) -> None:
    assert _wordings(family, one)
    assert not _wordings(family, one) & _wordings(family, other)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SKINS, 2)))
def test_skins_word_the_same_keys_and_most_of_them_differently(one: str, other: str) -> None:
    words, others = (read_json(f"skins/{name}.json")["words"] for name in (one, other))
    assert list(words) == list(others)
    same = [key for key in words if words[key].casefold() == others[key].casefold()]
    assert len(same) < 0.1 * len(words)


def test_no_wording_has_a_slot_that_its_key_has_in_no_first_skin() -> None:
    first = [read_json(f"skins/{name}.json")["words"] for name in ("paper", "slate")]
    for skin in map(load_skin, SKINS):
        for key, wording in skin.words.items():
            known = {slot for words in first for slot in _slots(words[key])}
            assert _slots(wording) <= known, (skin.name, key)


def test_no_two_skins_have_a_button_and_a_label_or_all_of_their_markup_in_common() -> None:
    skins = [load_skin(name) for name in SKINS]
    assert len({(skin.button, skin.label) for skin in skins}) == len(skins)
    markup = {tuple(vars(skin)[key] for key in MARKUP) for skin in skins}
    assert len(markup) == len(skins)


def test_every_template_is_dealt_to_one_split_and_all_families_are_on_all_sides() -> None:
    banks = [read_json(f"phrases/{family}.json") for family in FAMILIES]
    assert set(SIDES) == {template for bank in banks for template in bank}
    assert all({SIDES[template] for template in bank} == set(SPLITS) for bank in banks)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_people_of_two_sides_share_nothing(one: str, other: str) -> None:
    people = read_json("words/people.json")
    assert set(people) == set(SPLITS)
    assert _shape(people[one]) == _shape(people[other])
    assert not _leaves(people[one]) & _leaves(people[other])


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_filling_texts_of_two_sides_share_nothing(one: str, other: str) -> None:
    filler = read_json("words/documents.json")["filler"]
    assert set(filler) == set(SPLITS)
    assert _shape(filler[one]) == _shape(filler[other])
    assert not _leaves(filler[one]) & _leaves(filler[other])


@pytest.mark.parametrize("task", TASKS)
def test_the_same_seed_makes_the_same_pages_byte_for_byte(task: str, visit: Open) -> None:
    assert visit(task, 5).crawl() == visit(task, 5).crawl()


@pytest.mark.parametrize("task", TASKS)
def test_seeds_make_different_instances(task: str, visit: Open) -> None:
    instructions = {visit(task, seed).site.instruction for seed in range(20)}
    assert len(instructions) >= 12


@pytest.mark.parametrize("task", TASKS)
def test_doing_nothing_is_no_success_and_no_progress(task: str, visit: Open) -> None:
    for seed in range(20):
        visitor = visit(task, seed)
        visitor.crawl()
        judgement = visitor.site.judge(None)
        assert (judgement.success, judgement.progress) == (False, 0.0)
        assert judgement.feedback


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("answer", [0, -1.5, True, [], {"a": 1}, "", "x" * 9999, ["1", "2"]])
def test_no_shape_of_answer_breaks_a_judge(task: str, answer: Any, visit: Open) -> None:
    assert not visit(task, 1).site.judge(answer).success


@pytest.mark.parametrize("task", TASKS)
def test_links_lead_to_pages_and_pages_ask_for_nothing_elsewhere(task: str, visit: Open) -> None:
    for address, page in visit(task, 2).crawl().items():
        assert "404" not in page[:20], address
        assert not re.search(r'(?:src|href|action)="(?!/|#)', page), address
        assert not re.search(r"https?:|Math\.random|Date\(|setTimeout", page), address


@pytest.mark.parametrize("task", TASKS)
def test_strange_requests_get_an_answer(task: str, visit: Open) -> None:
    visitor = visit(task, 3)
    for path in (
        "/nowhere",
        "/record?key=x",
        "/article?id=x",
        "/step/9",
        "/entry?id=-1",
        "/?page=x",
    ):
        assert visitor.get(path)
    for path in ("/", "/cart/add", "/cart/remove", "/delete", "/notice", "/step/1"):
        visitor.post(path, id="²", quantity="²", product="x", back="//elsewhere", notice="x")
    assert not visitor.site.judge(None).success


@pytest.mark.parametrize(
    "template", ["handbook/paper", "minutes/linen", "chapters/slate", "clauses/ember"]
)
def test_a_document_has_more_than_fifty_thousand_characters(template: str, visit: Open) -> None:
    pages = visit(f"document/{template}", 4).crawl().values()
    assert sum(len(_text(page)) for page in pages) > 50_000
