from __future__ import annotations

import json

import pytest
import typer

from agentlab.cli.checks import show_checks
from agentlab.experiment.checking import CheckLine

GOOD = CheckLine("one", True, "fine")
BAD = CheckLine("two", False, "\x1b[2Jmissing")


def test_all_good_ends_in_the_good_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show_checks([GOOD], good="ready", bad="not ready", as_json=False)
    assert capsys.readouterr().out == "ok   one  fine\n\nready\n"


def test_one_failure_is_named_and_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        show_checks([GOOD, BAD], good="ready", bad="not ready", as_json=False)
    assert caught.value.exit_code == 1
    out = capsys.readouterr().out
    assert out.endswith("\nnot ready: two\n")
    assert r"\x1b[2Jmissing" in out


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        show_checks([GOOD, BAD], good="ready", bad="not ready", as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["summary"]) == (False, "not ready: two")
    assert shown["checks"][0] == {
        "name": "one",
        "ok": True,
        "word": "ok",
        "detail": "fine",
    }


def test_the_highest_exit_code_of_what_failed_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        show_checks(
            [BAD, BAD._replace(exit_code=2), GOOD._replace(exit_code=9)],
            good="ready",
            bad="not ready",
            as_json=False,
        )
    assert caught.value.exit_code == 2


def test_what_is_neither_good_nor_bad_has_its_own_word(capsys: pytest.CaptureFixture[str]) -> None:
    told = GOOD._replace(name="three", detail="the environment offers none", word="none")
    unknown = GOOD._replace(name="four", word="unknown")
    show_checks([GOOD, told, unknown], good="ready", bad="not ready", as_json=False)
    assert capsys.readouterr().out == (
        "ok      one    fine\n"
        "none    three  the environment offers none\n"
        "unknown four   fine\n\nready\n"
    )
    show_checks([told], good="ready", bad="not ready", as_json=True)
    (check,) = json.loads(capsys.readouterr().out)["checks"]
    assert (check["ok"], check["word"]) == (True, "none")
