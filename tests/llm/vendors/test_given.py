from __future__ import annotations

from typing import Any

import pytest

from agentlab.llm.vendors.given import BadRequest, no_others, numbers, texts


def test_a_setting_without_effect_is_refused_with_the_nearest_that_has_one() -> None:
    no_others({"stream": True, "top_k": None}, {"stream"})
    with pytest.raises(BadRequest, match=r"steam: .* did you mean 'stream'"):
        no_others({"steam": True}, {"stream"})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (None, ""),
        ("a", "a"),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"),
    ],
)
def test_a_content_is_a_text_or_parts_of_one(given: Any, text: str) -> None:
    assert texts(given, "here") == text


@pytest.mark.parametrize("given", [5, {}, ["a"], [{"type": "image_url"}], [{"type": "text"}]])
def test_anything_else_is_refused_where_it_is(given: Any) -> None:
    with pytest.raises(BadRequest, match=r"^here"):
        texts(given, "here")


def test_the_first_number_that_is_given_counts() -> None:
    assert numbers({"b": 3}, "a", "b", default=7) == 3
    assert numbers({}, "a", "b", default=7) == 7
    for wrong in (0, -1, "3", True, 2.5):
        with pytest.raises(BadRequest, match=r"^a: "):
            numbers({"a": wrong}, "a", default=7)
