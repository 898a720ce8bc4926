"""A small target and a lab around it."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate
from tests.meta.plain_lab import SOURCE, PlainLab


@pytest.fixture
def baseline() -> Candidate:
    return Candidate(files={"agent.py": SOURCE, "frozen.txt": b"do not touch"})


@pytest.fixture
def lab(baseline: Candidate) -> PlainLab:
    return PlainLab(baseline)
