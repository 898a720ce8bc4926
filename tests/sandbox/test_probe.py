"""The probe says what this machine gives, and what would give more."""

from __future__ import annotations

import subprocess
import sys

from agentlab.sandbox.probe import probe


def test_a_report_names_layers_or_a_reason() -> None:
    report = probe()
    if report.is_isolated:
        assert report.layers.startswith("bubblewrap")
        assert (report.reason, report.remedy) == ("", "")
    else:
        assert report.layers == "plain"
        assert report.reason


def test_it_tries_once_per_process() -> None:
    assert probe() is probe()


def test_without_bubblewrap_it_names_the_command_that_installs_it() -> None:
    code = "from agentlab.sandbox.probe import probe; print(probe().reason, '|', probe().remedy)"
    said = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": ""}, capture_output=True, text=True, check=True
    )
    reason, _, remedy = said.stdout.strip().partition(" | ")
    assert reason == "bubblewrap is not installed"
    assert "install" in remedy
    assert "bubblewrap" in remedy
