"""All sites: splits that share nothing, pages that a seed decides, judges that cannot be fooled."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from agentlab.core.task import SPLITS
from environments.browser.sites import site_tasks
from environments.browser.sites.data import read_json

TASKS = [task.id for split in ("train", "test") for task in site_tasks(split)]
Open = Callable[[str, int], Any]


def _text(page: str) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_there_are_twenty_tasks_on_either_side_and_validation_is_like_train() -> None:
    assert [len(site_tasks(split)) for split in SPLITS] == [20, 20, 20]
    assert site_tasks("train") == site_tasks("validation")
    assert len(set(TASKS)) == 40


def test_the_test_has_families_in_common_with_train_and_nothing_else() -> None:
    train = [task.id.split("/") for task in site_tasks("train")]
    test = [task.id.split("/") for task in site_tasks("test")]
    assert {family for family, *_ in train} == {family for family, *_ in test}
    assert not {part for _, *parts in train for part in parts} & {
        part for _, *parts in test for part in parts
    }


@pytest.mark.parametrize("family", ["shop", "checkout", "table", "dialogs", "document"])
def test_no_instruction_of_the_test_is_worded_as_one_of_train(family: str) -> None:
    bank = read_json(f"phrases/{family}.json")
    templates = {task.id.split("/")[1] for task in site_tasks("train")}
    seen, unseen = (
        {
            wording
            for template, kinds in bank.items()
            if (template in templates) is is_seen
            for kind, wordings in kinds.items()
            if kind not in ("labels", "joint")
            for wording in wordings
        }
        for is_seen in (True, False)
    )
    assert seen
    assert unseen
    assert not seen & unseen


def test_skins_of_both_sides_word_the_same_keys_and_most_of_them_differently() -> None:
    paper, slate, linen, ember = (
        read_json(f"skins/{name}.json")["words"] for name in ("paper", "slate", "linen", "ember")
    )
    assert set(paper) == set(slate) == set(linen) == set(ember)
    same = [key for key in paper if linen[key] in (paper[key], slate[key])]
    assert len(same) < 0.15 * len(paper)


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
