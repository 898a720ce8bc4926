"""A script over data, in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from pydantic import JsonValue

from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.trial import Bench
from agentlab.trials.diagnosis import Diagnosis

EPISODES: JsonValue = [{"task": "a", "success": 1.0}, {"task": "b", "success": 0.0}]


@pytest.fixture(scope="module")
def diagnosis() -> Iterator[Diagnosis]:
    bench = Bench(
        environment=EnvironmentSpec(reference="none"),
        target=TargetSpec(),
        limits=Limits(),
        sandbox="plain",
    )
    with closing(Diagnosis(bench)) as diagnosis:
        yield diagnosis


def test_it_answers_what_its_function_returns(diagnosis: Diagnosis) -> None:
    script = "def probe(episodes):\n    return [e['task'] for e in episodes if not e['success']]\n"

    probed = diagnosis.run(script, EPISODES)

    assert (probed.answer, probed.failure) == (["b"], "")


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("def probe(episodes):\n    return episodes[9]\n", "crashed: IndexError"),
        ("def probe(:\n", "crashed: SyntaxError"),
        ("x = 1\n", "crashed: AttributeError"),
        ("def probe(episodes):\n    return 'x' * 100_000\n", "limit: output"),
        ("import os\ndef probe(episodes):\n    os._exit(3)\n", "crashed"),
        ("def probe(episodes):\n    return '\ud800'\n", ""),
    ],
)
def test_what_goes_wrong_in_it_is_told(diagnosis: Diagnosis, script: str, failure: str) -> None:
    probed = diagnosis.run(script, EPISODES)

    assert probed.failure.startswith(failure)
    assert diagnosis.run("def probe(episodes):\n    return 1\n", []).answer == 1, "it goes on"


def test_a_script_over_the_same_data_has_the_same_key(diagnosis: Diagnosis) -> None:
    script = "def probe(episodes):\n    return 1\n"

    assert diagnosis.run(script, EPISODES).key == diagnosis.run(script, EPISODES).key
    assert diagnosis.run(script, EPISODES).key != diagnosis.run(script, []).key
