"""A hash decides what is held out: whole groups first, then single queries."""

from __future__ import annotations

import pytest

from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.holdout import HeldBy, group_of, is_held, parts_of

MANY = [f"name-{number}" for number in range(2000)]
HELD = next(name for name in MANY if is_held(name))
FREE = next(name for name in MANY if not is_held(name))


def collection(gold: dict[str, int], *, query: str = FREE) -> Collection:
    return Collection(
        name="tools",
        documents=(
            Document(id="held", group=HELD, text=""),
            Document(id="free", group=FREE, text=""),
            Document(id="alone", text=""),
        ),
        queries=(Query(id=query, text="?", gold=gold),),
    )


def part_of_only(gold: dict[str, int], *, query: str = FREE, held_by: HeldBy = "group") -> str:
    parts = parts_of(collection(gold, query=query), held_by)
    (part,) = [part for part, queries in parts.items() if queries]
    return part


def test_one_name_in_five_is_held() -> None:
    assert 0.18 < sum(map(is_held, MANY)) / len(MANY) < 0.22


def test_one_document_of_a_held_group_makes_a_query_unseen() -> None:
    assert part_of_only({"held": 1}) == "unseen-test"
    assert part_of_only({"free": 1, "held": 1}) == "unseen-test"
    assert part_of_only({"held": 1}, query=HELD) == "unseen-test"


def test_of_the_rest_the_query_s_own_id_decides() -> None:
    assert part_of_only({"free": 1}, query=HELD) == "random-test"
    assert part_of_only({"free": 1}, query=FREE) == "train"
    assert part_of_only({"held": 1}, query=FREE, held_by="none") == "train"
    assert part_of_only({"alone": 1}) == "train"


@pytest.mark.parametrize(
    ("held_by", "group"),
    [("group", "mail/out"), ("field", "mail"), ("name", "send"), ("none", "")],
)
def test_what_is_held_out_together_can_be_chosen(held_by: HeldBy, group: str) -> None:
    assert group_of(Document(id="d1", name="send", group="mail/out", text=""), held_by) == group


def test_what_has_no_name_goes_by_its_id() -> None:
    assert group_of(Document(id="d1", text=""), "name") == "d1"
