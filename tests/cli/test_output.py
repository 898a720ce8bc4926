from __future__ import annotations

import json
import sys

import pytest

from agentlab.cli.output import Failure, print_failure, print_json, working


def test_json_is_ascii_so_that_nothing_in_it_steers_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"text": "\x1b[2J\u202eü"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out) == {"text": "\x1b[2J\u202eü"}


def test_whatever_is_printed_while_working_goes_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with working() as screen:
        sys.stdout.write("stray\n")
        screen.note("note")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "stray\nnote\n"


def test_a_failure_is_lines_on_stderr_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    print_failure(Failure("X", ("one\x1b[2J", "two"), 2, ("do this",)), as_json=False)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: one\\x1b[2J\nerror: two\ndo this\n"
