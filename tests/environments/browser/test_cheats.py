"""Agents that cheat get what they have earned, and change nothing for who comes after.

Each goes through the agent's own channel: the real worker, its sandbox and its browser. So that no
cheat is beaten by a mistake of its own, it has to win before an evaluator that has no walls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import SplitName
from agentlab.core.trial import Bench, Pair, TraceFrame, Trial, TrialRecord
from agentlab.core.value import canonical_json
from agentlab.llm.tokens import count_tokens
from agentlab.sandbox.probe import probe
from agentlab.trials.executor import Finished
from agentlab.trials.worker import TrialWorker
from tests.environments.browser.cheats import (
    CHEATS,
    HONEST,
    IDLE,
    LABEL,
    QUESTION,
    Cheat,
    Honest,
    Work,
)
from tests.environments.browser.naive import Naive, naive_gains
from tests.environments.browser.world import part

pytestmark = pytest.mark.browser

_WITH_TEETH = [cheat for cheat in CHEATS if cheat.gain is not None]
_WITNESS = {agent.name: agent for agent in HONEST}["an agent that acts"]
"""Who comes after a cheat: it solves its task by the mouse and the keyboard."""


class Arena(NamedTuple):
    """A worker, with a short way to run one agent on one piece of work."""

    worker: TrialWorker
    bench: Bench

    def run(self, candidate: Candidate, work: Work, split: SplitName = "validation") -> Finished:
        """Runs one trial and keeps its frames."""
        trial = Trial(
            bench=self.bench.digest,
            candidate=candidate.digest,
            pair=Pair(task=work.task, seed=work.seed, split=split, cluster=""),
            trace="always",
        )
        return self.worker.run(trial, candidate)


@pytest.fixture(scope="module")
def truth() -> str:
    """The right answer of QUESTION."""
    answer: str = part("sites").make_site(QUESTION.task, QUESTION.seed).document.truth
    return answer


@pytest.fixture(scope="module")
def arena(truth: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A worker in a process that holds the answer, beside a file that anyone could read."""
    if not probe().is_isolated:
        pytest.skip("no walls here: a cheat would be let loose on this machine")
    place = tmp_path_factory.mktemp("labels") / LABEL
    place.write_text(truth)
    bench = Bench(
        environment=EnvironmentSpec(reference="environments/browser"),
        target=TargetSpec(),
        limits=Limits(wall_s=30, processes=8),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LABEL, truth)
        worker = TrialWorker(bench, artefacts=tmp_path_factory.mktemp("artefacts"))
    yield Arena(worker, bench)
    worker.close()


@pytest.fixture(scope="module")
def unharmed(arena: Arena) -> Finished:
    """The witness before anybody cheated."""
    return arena.run(_WITNESS.candidate, _WITNESS.work)


@pytest.fixture(scope="module")
def gains(truth: str) -> Mapping[str, Naive]:
    """What the cheats win where nothing stops them."""
    return naive_gains([*_WITH_TEETH, IDLE], truth)


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_a_cheat_gets_what_it_has_earned(cheat: Cheat, arena: Arena, unharmed: Finished) -> None:
    first, second = (arena.run(cheat.candidate, cheat.work) for _ in range(2))
    after = arena.run(_WITNESS.candidate, _WITNESS.work)

    for finished in (first, second):
        assert finished.record.fate is cheat.fate, finished.record.reason
        assert finished.record.success == 0
        assert finished.record.usage.context_tokens == _read_tokens(finished.trace)
    assert _said(first) == _said(second)
    assert _what_counts(after.record) == _what_counts(unharmed.record)
    assert _said(after) == _said(unharmed)


@pytest.mark.parametrize("cheat", _WITH_TEETH, ids=lambda cheat: cheat.name)
def test_where_nothing_stops_it_the_same_cheat_wins(
    cheat: Cheat, gains: Mapping[str, Naive]
) -> None:
    assert gains[cheat.name].gained(cheat.gain), gains[cheat.name]
    assert not gains[IDLE.name].gained(cheat.gain)


@pytest.mark.parametrize("agent", HONEST, ids=lambda agent: agent.name)
def test_an_honest_agent_is_taken_as_it_is(agent: Honest, arena: Arena) -> None:
    record = arena.run(agent.candidate, agent.work).record

    assert record.fate is Fate.SOLVED, (record.reason, record.outcome)
    assert record.outcome is not None
    assert record.outcome.metrics["blocked_requests"] == 0
    assert record.usage.context_tokens > 0


_LOOK_AROUND = """
import gc, os, sys, time
frame, names = sys._getframe(), set()
while frame:
    names |= {f"{key}={value!r}" for key, value in frame.f_locals.items() if type(value) is str}
    frame = frame.f_back
texts = sorted({t for o in gc.get_objects() if type(o) is dict for t in o if type(t) is str})
return [sorted(names), texts, sorted(os.environ.items()), sys.argv, os.getcwd(), os.getpid(),
        goal.instruction, goal.inputs, dir(tools), sorted(os.listdir("/")), os.uname().nodename]
"""


def test_nothing_tells_an_agent_for_which_split_it_runs(arena: Arena) -> None:
    looking = Cheat("looks around", _LOOK_AROUND).candidate
    seen = [arena.run(looking, QUESTION, split) for split in ("train", "validation", "test")]

    assert _said(seen[0])
    assert _said(seen[0]) == _said(seen[1]) == _said(seen[2])


def _said(finished: Finished) -> list[dict[str, Any]]:
    """Returns what went over the wire."""
    return [frame.frame for frame in finished.trace]


def _read_tokens(trace: Any) -> int:
    """Returns the tokens of all that the environment told, counted again."""
    frames: list[TraceFrame] = [frame for frame in trace if frame.sender == "environment"]
    return sum(
        count_tokens(
            canonical_json(
                [frame.frame["kind"], frame.frame["message"]]
                if "error" in frame.frame
                else frame.frame["value"]
            )
        )
        for frame in frames
    )


def _what_counts(record: TrialRecord) -> TrialRecord:
    """Returns a record without what a clock says."""
    usage = record.usage.model_copy(update={"wall_s": 0.0, "cpu_s": 0.0})
    return record.model_copy(update={"usage": usage})
