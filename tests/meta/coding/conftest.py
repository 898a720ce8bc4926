"""A workshop around a small target, and a model that follows a script."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate
from tests.meta.lab.workshop import PlainWorkshop


@pytest.fixture
def workshop(baseline: Candidate) -> PlainWorkshop:
    return PlainWorkshop(baseline)
