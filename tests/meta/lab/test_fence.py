"""Data between marks that it cannot forge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentlab.meta.lab.fence import cut, fenced


@given(st.text(alphabet=st.sampled_from("<>/da t\u202e\x1b\n\"='\\"), max_size=60))
def test_no_text_closes_or_opens_a_fence(text: str) -> None:
    shown = fenced(text, text)

    assert shown.count("</data>") == 1
    assert shown.endswith("\n</data>")
    assert shown.count("<data of=") == 1


def test_what_cannot_be_seen_is_spelled_out() -> None:
    assert "\\u202e" in fenced("a page", "a\u202eb")


@given(st.text(max_size=80), st.integers(1, 40))
def test_a_cut_text_keeps_its_ends(text: str, limit: int) -> None:
    shown = cut(text, limit)

    assert shown == text or f"[{len(text) - limit} characters left out]" in shown
    assert shown.startswith(text[: min(len(text), (limit + 1) // 2)])
