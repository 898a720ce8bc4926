from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agentlab.report.escape import for_markdown, for_terminal, one_line


@pytest.mark.parametrize(
    ("attack", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b2J", r"\x9b2J"),
        ("\x1b]8;;http://evil\x07click", r"\x1b]8;;http://evil\x07click"),
        ("\x1b]52;c;ZXZpbA==\x07", r"\x1b]52;c;ZXZpbA==\x07"),
        ("over\rwritten", r"over\x0dwritten"),
        ("back\x08space", r"back\x08space"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("a\u2066b\u2069", r"a\u2066b\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("line\u2028end", r"line\u2028end"),
        ("tag\U000e0041", r"tag\ue0041"),
        ("plain\ttext\nstays: ü 漢字", "plain\ttext\nstays: ü 漢字"),
    ],
)
def test_what_steers_a_terminal_is_spelled_out(attack: str, shown: str) -> None:
    assert for_terminal(attack) == shown


@given(st.text())
def test_nothing_invisible_reaches_a_terminal(text: str) -> None:
    shown = for_terminal(text)
    assert not [c for c in shown if c not in "\n\t" and unicodedata.category(c)[0] == "C"]
    assert for_terminal(shown) == shown


@given(st.text())
def test_one_line_is_one_line_of_bounded_length(text: str) -> None:
    shown = one_line(text, limit=30)
    assert len(shown) <= 30
    assert "\n" not in shown
    assert "\t" not in shown


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "![x](http://evil/pixel)",
        "[x](javascript:alert(1))",
        "http://evil.example and www.evil.example",
        "**bold** _it_ `code` ~~gone~~",
        "# heading",
        "- item",
        "1. item",
        "+ item",
        "=====",
        "> quote",
        "| cell | cell |",
        "\\*backslash",
        "&lt;b&gt; &#60;",
        "end with two backslashes \\\\",
        "first\n\nsecond",
    ],
)
def test_markdown_shows_an_attack_as_the_text_that_it_is(attack: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(for_markdown(attack))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == " ".join(attack.split())


@given(st.text())
def test_no_text_leaves_its_markdown_table_cell(text: str) -> None:
    page = f"| a | b |\n|---|---|\n| {for_markdown(text)} | end |\n"
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(page)
    cells = [tokens[n + 1] for n, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 2
    assert cells[1].content == "end"
    assert all(child.type in ("text", "text_special") for child in cells[0].children or [])
