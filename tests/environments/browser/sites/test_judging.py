"""Wrong states are failures, whatever else was reached; the right one is a success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from environments.browser.sites.judging import Check, is_same_answer, judged, judged_answer

Open = Callable[[str, int], Any]


@pytest.fixture
def shop(visit: Open) -> Any:
    visitor = visit("shop/list/paper", 3)
    wanted = visitor.site.order.product
    visitor.right = {"product": wanted.id, "quantity": str(visitor.site.order.amount)}
    visitor.other = next(item.id for item in visitor.site.products if item != wanted)
    return visitor


def test_the_right_cart_is_a_success(shop: Any) -> None:
    shop.post("/cart/add", **shop.right)
    assert shop.site.judge(None).success


def test_an_extra_article_in_the_cart_is_a_failure_until_it_is_removed(shop: Any) -> None:
    shop.post("/cart/add", product=shop.other, quantity="1")
    shop.post("/cart/add", **shop.right)
    judgement = shop.site.judge(None)
    assert not judgement.success
    assert 0 < judgement.progress < 1
    shop.post("/cart/remove", product=shop.other)
    assert shop.site.judge(None).success


def test_adding_twice_is_the_wrong_quantity(shop: Any) -> None:
    shop.post("/cart/add", **shop.right)
    shop.post("/cart/add", **shop.right)
    judgement = shop.site.judge(None)
    assert not judgement.success
    assert "asked for" in judgement.feedback


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "many", "", "99"])
def test_a_quantity_that_is_none_is_refused_and_told(shop: Any, quantity: str) -> None:
    page = shop.post("/cart/add", product=shop.other, quantity=quantity)
    assert "from 1 to" in page
    assert not shop.site.cart


def _send(visitor: Any, **changed: str) -> None:
    values = {**visitor.site.truth, **changed}
    for step, page in enumerate(visitor.site.pages, 1):
        visitor.post(f"/step/{step}", **{field: values[field] for field in page})


@pytest.mark.parametrize("task", ["single/paper", "steps/slate", "grouped/linen", "wizard/ember"])
def test_an_order_with_all_values_right_is_a_success(task: str, visit: Open) -> None:
    for seed in range(12):
        visitor = visit(f"checkout/{task}", seed)
        _send(visitor)
        assert visitor.site.judge(None).success, visitor.site.judge(None).feedback


@pytest.mark.parametrize("field", ["name", "email", "street", "city", "country", "delivery"])
def test_an_order_with_one_wrong_value_is_a_failure_and_is_final(field: str, visit: Open) -> None:
    visitor = visit("checkout/single/paper", 3)
    _send(visitor, **{field: "wrong@place"})
    assert visitor.site.is_sent
    _send(visitor)
    judgement = visitor.site.judge(None)
    assert not judgement.success
    assert field in judgement.feedback


def test_a_refused_form_keeps_what_was_entered_and_says_why(visit: Open) -> None:
    visitor = visit("checkout/single/paper", 3)
    page = visitor.post("/step/1", name="Ada", email="no address")
    assert 'value="Ada"' in page
    assert "Email must contain an @." in page
    assert "Phone is required." in page
    assert not visitor.site.is_sent


def test_a_step_cannot_be_left_out(visit: Open) -> None:
    visitor = visit("checkout/steps/paper", 3)
    last = len(visitor.site.pages)
    visitor.post(
        f"/step/{last}", **{field: visitor.site.truth[field] for field in visitor.site.pages[-1]}
    )
    assert not visitor.site.is_sent


def _entries(visit: Open, action: str) -> Any:
    visitors = (visit("dialogs/records/paper", seed) for seed in range(40))
    return next(visitor for visitor in visitors if visitor.site.task.action == action)


@pytest.mark.parametrize("action", ["delete", "archive", "rename"])
def test_the_right_action_on_the_right_entry_alone_is_a_success(action: str, visit: Open) -> None:
    visitor = _entries(visit, action)
    task = visitor.site.task
    number = task.names.index(task.name)
    visitor.post(f"/{action}", id=str(number), name=task.fresh)
    assert visitor.site.judge(None).success
    visitor.post("/delete", id=str((number + 1) % len(task.names)))
    assert not visitor.site.judge(None).success


def test_deleting_the_wrong_entry_is_a_failure_that_names_what_is_left(visit: Open) -> None:
    visitor = _entries(visit, "delete")
    task = visitor.site.task
    wrong = (task.names.index(task.name) + 1) % len(task.names)
    visitor.post("/delete", id=str(wrong))
    judgement = visitor.site.judge(None)
    assert (judgement.success, judgement.progress) == (False, 0.0)
    assert task.name in judgement.feedback


def _save(visitor: Any, values: dict[str, str]) -> None:
    for section, settings in visitor.site.settings.sections.items():
        visitor.post(f"/{section.lower()}", **{each.label: values[each.label] for each in settings})


@pytest.mark.parametrize("task", ["settings/paper", "tabs/ember"])
def test_settings_are_right_when_the_asked_ones_alone_are_changed(task: str, visit: Open) -> None:
    for seed in range(12):
        visitor = visit(f"dialogs/{task}", seed)
        wanted = dict(visitor.site.settings.wanted)
        _save(visitor, wanted)
        assert visitor.site.judge(None).success
        ticks = [
            each.label
            for settings in visitor.site.settings.sections.values()
            for each in settings
            if each.kind == "tick"
        ]
        untouched = next(
            label for label in ticks if wanted[label] == visitor.site.settings.values[label]
        )
        _save(visitor, {**wanted, untouched: "" if wanted[untouched] else "yes"})
        judgement = visitor.site.judge(None)
        assert not judgement.success
        assert untouched in judgement.feedback


@pytest.mark.parametrize(
    "task", ["table/paged/paper", "table/grid/ember", "document/handbook/slate"]
)
def test_the_truth_alone_is_the_right_answer(task: str, visit: Open) -> None:
    site = visit(task, 6).site
    asked = site.question if "table" in task else site.document
    assert site.judge(asked.truth).success
    assert site.judge(f" {asked.truth.upper()}. ").success
    assert not site.judge(f"{asked.truth} or 7").success
    assert not site.judge("7").success


@pytest.mark.parametrize(
    ("answer", "truth", "is_right"),
    [
        ("340", "340 euros", True),
        (340, "340 euros", True),
        ("It is 340 euros", "340 euros", True),
        ("1,340", "1340 kg", True),
        ("340 or 341", "340 euros", False),
        ("34", "340 euros", False),
        ("INV-340", "340", True),
        ("340", "INV-340", False),
        ("Maria", "Maria Keller", False),
        (None, "340", False),
        (True, "1", False),
    ],
)
def test_an_answer_is_right_by_its_words_or_its_one_number(
    answer: Any, truth: str, is_right: bool
) -> None:
    assert is_same_answer(answer, truth) is is_right


def test_progress_is_the_share_of_sub_goals_and_only_all_of_them_are_a_success() -> None:
    assert judged([Check(True, "a"), Check(False, "b")]) == (False, 0.5, "b")
    assert judged([Check(True, "a")]).success
    assert judged_answer("9", "7", ["9"]).progress == 0.5
