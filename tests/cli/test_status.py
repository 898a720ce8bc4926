from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_latest_run_is_told_with_its_last_decision(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    status = agentlab_call("status", "--json").json
    assert (status["status"], status["proposals"], status["kept"]) == ("completed", 2, 1)
    assert status["trials"] > 0
    assert status["last"]["number"] == 2
    shown = agentlab_call("status").out
    assert "2 proposals decided, 1 kept" in shown
    assert "\x1b" not in shown
