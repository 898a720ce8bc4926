"""What Ray's processes may know of the driver's environment."""

from __future__ import annotations

import os

import pytest

from agentlab.trials.ray_cluster import SLOT, _scrubbed_environment


def test_keys_are_hidden_while_ray_starts_and_there_again_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("RAY_TMPDIR", "/somewhere")
    with _scrubbed_environment():
        assert "secret" not in os.environ.values()
        assert os.environ["RAY_TMPDIR"] == "/somewhere"
        assert "PATH" in os.environ
    assert os.environ["OPENAI_API_KEY"] == "secret"


def test_a_slot_has_a_name_of_its_own() -> None:
    assert SLOT == "agentlab_slot"
