from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_completed_run_answers_its_result_again(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    first = agentlab_call("report", "--json").json
    again = agentlab_call("resume", "--json")
    assert again.code == 0
    assert again.json == first


def test_a_run_in_use_is_refused(in_finished: Path, agentlab_call: Callable[..., Any]) -> None:
    (folder,) = (in_finished / "runs").iterdir()
    with (folder / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = agentlab_call("resume", folder.name)
    assert answer.code == 2
    assert "in use by another driver" in answer.err
