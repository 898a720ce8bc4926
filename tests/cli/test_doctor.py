from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_the_doctor_ends_in_a_sentence(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("doctor")
    last = answer.out.splitlines()[-1]
    assert last.startswith("everything is there" if answer.code == 0 else "something is missing: ")


def test_json_agrees_with_the_exit_code(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("doctor", "--json")
    assert answer.json["ok"] is (answer.code == 0)
    assert {"python", "sandbox"} <= {check["name"] for check in answer.json["checks"]}
