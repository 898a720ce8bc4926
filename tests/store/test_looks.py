"""Looks at the sealed test, in the log of a run."""

from __future__ import annotations

from agentlab.store.looks import Look, Looks, add_look, looks_of
from agentlab.store.store import Store

AT = "2026-01-02T03:04:05+00:00"


def test_a_run_that_goes_on_looks_at_the_same_again(store: Store) -> None:
    for _ in range(3):
        add_look(store, "first", Look(by="run", at=AT, address="a", earlier=2))
    assert looks_of(store, "first") == Looks(by_run=1, by_evaluate=0, earlier=2)
    add_look(store, "first", Look(by="run", at=AT, address="b", earlier=2))
    assert looks_of(store, "first").all == 4


def test_each_evaluation_is_a_look(store: Store) -> None:
    assert looks_of(store, "first").all == 0
    for _ in range(2):
        add_look(store, "first", Look(by="evaluate", at=AT))
    assert looks_of(store, "first") == Looks(by_run=0, by_evaluate=2, earlier=0)


def test_a_promotion_that_is_gone_on_with_looks_at_the_same_again(store: Store) -> None:
    for address in ("a", "a", "b"):
        add_look(store, "first", Look(by="promote", at=AT, address=address))
    assert looks_of(store, "first") == Looks(by_run=0, by_evaluate=0, earlier=0, by_promote=2)


def test_a_run_with_test_scores_has_looked_whatever_its_version_recorded(store: Store) -> None:
    store.update_run("first", status="completed", result={"baseline": {"test": {"success": {}}}})

    assert looks_of(store, "first").all == 1
