"""An experiment that is well formed, to be broken in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

import agentlab.testing

TARGET = Path(agentlab.testing.__file__).parent / "environments/targets/noisy"


@pytest.fixture
def good_lines() -> list[str]:
    """Returns the lines of a good experiment; a test replaces or adds some."""
    return [
        "name: noisy",
        "environment: agentlab.testing.environments.noisy:NoisyEnvironment",
        f"target: {TARGET}",
        "meta: [mutation]",
        "budget: {candidates: 4}",
    ]
