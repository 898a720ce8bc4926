from __future__ import annotations

import ast

from agentlab.core.outcome import Fate
from agentlab.testing.hostile import HOSTILE, candidate_doing


def test_each_is_a_program_of_its_own() -> None:
    sources = {candidate_doing(hostile.body).files["agent.py"] for hostile in HOSTILE}

    assert len(sources) == len(HOSTILE)
    for source in sources:
        (function,) = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        assert function.name == "solve"


def test_every_fate_that_is_a_candidates_own_doing_is_there() -> None:
    assert {hostile.fate for hostile in HOSTILE} == set(Fate) - {Fate.SOLVED, Fate.INFRA}
