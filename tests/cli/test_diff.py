from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlab.cli.main import call


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_winner_is_compared_with_the_baseline(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    patch = agentlab_call("diff").out
    assert patch.startswith("diff --git a/agent.py b/agent.py\n")
    assert "-KNOBS = (0.6, 0.3, 0.5)\n+KNOBS = (0.9, 0.1, 0.6)\n" in patch
    assert agentlab_call("diff", "--json").json["diff"] == patch


def test_each_proposal_is_compared_with_what_it_was_measured_against(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    decisions = agentlab_call("show", "--json").json["decisions"]
    lost = next(decision for decision in decisions if decision["verdict"] != "kept")
    answer = agentlab_call("diff", "latest", str(lost["number"]), "--json").json
    assert (answer["from"], answer["to"]) == (lost["incumbent"], lost["candidate"])
    assert "+KNOBS = (0.0, 1.0, 0.0)" in answer["diff"]


def test_a_terminal_gets_colours_of_ours_only(
    in_finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert call(["diff"]) == 0
    assert "\x1b[32m+KNOBS" in terminal.getvalue()


def test_no_color_is_respected(in_finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert call(["diff"]) == 0
    assert "\x1b[32m" not in terminal.getvalue()
