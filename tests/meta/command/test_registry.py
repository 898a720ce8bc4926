"""Command lines of coding agents."""

from __future__ import annotations

import re

import pytest

from agentlab.errors import InputError
from agentlab.meta.command.registry import CLIS, Cli, Filled, fill, line_problem, words_of

FILLED = Filled("Do it.", "/w/brief.md", "/w", ("a.py", "b.py"), "some/model", 1.5)
ROWS = [pytest.param(name, cli, id=name) for name, cli in CLIS.items() if name != "generic"]


@pytest.mark.parametrize(("name", "cli"), ROWS)
def test_each_row_says_how_it_is_installed_and_asked(name: str, cli: Cli) -> None:
    words = fill(words_of(cli.line), FILLED)
    assert {"Do it.", "/w/brief.md"} & set(words), "it is told of the brief"
    assert "some/model" in words
    assert not any("{" in word for word in words)
    assert cli.install
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", key) for key in cli.keys)
    assert not any(login.startswith(("/", "..")) for login in cli.logins)


@pytest.mark.parametrize(("name", "cli"), ROWS)
def test_what_is_not_given_is_left_out_with_its_flag(name: str, cli: Cli) -> None:
    words = fill(words_of(cli.line), FILLED._replace(model=None, cost_usd=None))
    flags = ("--model", "--max-budget-usd", "--cost-limit")
    assert not any(word in flags for word in words)


def test_a_limit_on_cost_is_handed_to_those_that_keep_one() -> None:
    keeps = {name for name, cli in CLIS.items() if "1.5" in fill(cli.line.split(), FILLED)}
    assert keeps == {"claude-code", "mini-swe-agent"}


def test_files_are_a_word_each_and_a_list_within_a_word() -> None:
    assert fill(["x", "{files}", "--all={files}"], FILLED) == [
        "x",
        "a.py",
        "b.py",
        "--all=a.py b.py",
    ]


def test_words_are_split_as_a_shell_would() -> None:
    assert words_of("my-agent --say 'do it' {brief}") == ["my-agent", "--say", "do it", "{brief}"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is empty"),
        ("my-agent 'open", "no closing quotation"),
        ("my-agent {breif}", "did you mean 'brief'?"),
        ("my-agent {brief:--at}", "only model and cost_usd may be left out"),
    ],
)
def test_a_bad_line_is_refused_with_what_would_do(line: str, said: str) -> None:
    assert said in str(line_problem(line))
    with pytest.raises(InputError, match=re.escape(said)):
        words_of(line)


def test_json_in_a_line_is_no_placeholder() -> None:
    line = """my-agent --config '{"a": {"b": 1}}'"""
    assert fill(words_of(line), FILLED)[-1] == '{"a": {"b": 1}}'
