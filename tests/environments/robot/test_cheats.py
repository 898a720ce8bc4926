"""Controllers that cheat get what they have earned, and change nothing for who comes after.

Each goes through the candidate's own channel: the real worker and its sandbox. So that no cheat is
beaten by a mistake of its own, it has to win where the policy runs in the environment's process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.sandbox.probe import probe
from agentlab.trials.executor import Finished
from agentlab.trials.worker import TrialWorker
from tests.environments.robot.cheats import CHEATS, HANGING, HONEST, IDLE, LABEL, SEED, Cheat
from tests.environments.robot.naive import Naive, naive_gains
from tests.environments.robot.world import environment

_WITH_TEETH = [cheat for cheat in CHEATS if cheat.gain is not None]
_WITNESS = HONEST[0]
"""Who comes after a cheat."""


class Arena(NamedTuple):
    """A worker, with a short way to run one controller."""

    worker: TrialWorker
    bench: Bench

    def run(self, cheat: Cheat, split: SplitName = "validation") -> Finished:
        """Runs one trial and keeps its frames."""
        tasks = environment("place", tier=3).tasks("validation")
        pair = Pair(task=tasks[SEED % len(tasks)], seed=SEED, split=split, cluster="")
        trial = Trial(
            bench=self.bench.digest, candidate=cheat.candidate.digest, pair=pair, trace="always"
        )
        return self.worker.run(trial, cheat.candidate)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A worker in a process that holds the seed, beside a file that anyone could read."""
    if not probe().is_isolated:
        pytest.skip("no walls here: a cheat would be let loose on this machine")
    (tmp_path_factory.mktemp("labels") / LABEL).write_text(str(SEED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LABEL, str(SEED))
        opened = _arena(Limits(wall_s=30, processes=8, tool_calls=500), tmp_path_factory)
    yield opened
    opened.worker.close()


def _arena(limits: Limits, folders: pytest.TempPathFactory) -> Arena:
    bench = Bench(
        environment=EnvironmentSpec(
            reference="environments/robot", options={"tasks": ["place"], "tier": 3}
        ),
        target=TargetSpec(),
        limits=limits,
    )
    return Arena(TrialWorker(bench, artefacts=folders.mktemp("artefacts")), bench)


@pytest.fixture(scope="module")
def unharmed(arena: Arena) -> Finished:
    """The witness before anybody cheated."""
    return arena.run(_WITNESS)


@pytest.fixture(scope="module")
def idle(arena: Arena) -> Outcome:
    """What who does nothing gets."""
    outcome = arena.run(IDLE).record.outcome
    assert outcome is not None
    return outcome


@pytest.fixture(scope="module")
def gains() -> Mapping[str, Naive]:
    """What the cheats win where nothing stops them."""
    return naive_gains([*_WITH_TEETH, IDLE])


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_a_cheat_gets_what_it_has_earned(
    cheat: Cheat, arena: Arena, unharmed: Finished, idle: Outcome
) -> None:
    first, second = arena.run(cheat), arena.run(cheat)
    after = arena.run(_WITNESS)

    for finished in (first, second):
        record = finished.record
        assert record.fate is cheat.fate, record.reason
        assert record.success == 0
        if record.outcome is not None and cheat.is_idle:
            assert record.outcome == idle
    if cheat.is_idle:
        assert _said(first) == _said(second)
    if cheat.gain == "seed":
        assert first.trace[-1].frame["answer"] == []
    assert _what_counts(after.record) == _what_counts(unharmed.record)
    assert _said(after) == _said(unharmed)


@pytest.mark.parametrize("cheat", _WITH_TEETH, ids=lambda cheat: cheat.name)
def test_in_the_environment_s_own_process_the_same_cheat_wins(
    cheat: Cheat, gains: Mapping[str, Naive]
) -> None:
    assert gains[cheat.name].gained(cheat.gain), gains[cheat.name]
    assert not gains[IDLE.name].gained(cheat.gain)


@pytest.mark.parametrize("cheat", HANGING, ids=lambda cheat: cheat.name)
def test_who_does_not_come_to_an_end_is_ended(
    cheat: Cheat, arena: Arena, tmp_path_factory: pytest.TempPathFactory
) -> None:
    short = _arena(Limits(wall_s=1, tool_calls=20), tmp_path_factory)
    record = short.run(cheat).record
    short.worker.close()
    assert record.fate is cheat.fate, record.reason
    assert record.success == 0


@pytest.mark.parametrize("agent", HONEST, ids=lambda agent: agent.name)
def test_an_honest_controller_is_taken_as_it_is(agent: Cheat, arena: Arena) -> None:
    record = arena.run(agent).record
    assert record.fate is agent.fate, (record.reason, record.outcome)


def _said(finished: Finished) -> list[dict[str, Any]]:
    """Returns what went over the wire."""
    return [frame.frame for frame in finished.trace]


def _what_counts(record: TrialRecord) -> TrialRecord:
    """Returns a record without what a clock says."""
    usage = record.usage.model_copy(update={"wall_s": 0.0, "cpu_s": 0.0})
    return record.model_copy(update={"usage": usage})
