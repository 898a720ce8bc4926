"""The loop that most people write first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab, MetaAgent
from agentlab.core.objective import Objective
from agentlab.core.task import SPLITS
from agentlab.meta.mutation.random_edits import RandomEdits
from agentlab.search.desk import TrialDesk
from agentlab.search.lab import RunLab
from agentlab.search.measuring import Measuring
from agentlab.search.random_search import RandomFound, random_search
from agentlab.search.schedule import Schedule
from agentlab.testing.environments.noisy import NoisyEnvironment
from tests.search.arithmetic import Arithmetic
from tests.search.wiring import BASELINE, BENCH, MemoryJournal


class Knobs:
    """Proposes other knobs, in the order given, whatever the parent."""

    name = "knobs"

    def __init__(self, *knobs: str) -> None:
        self._knobs = list(knobs)

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        if not self._knobs:
            return []
        source = BASELINE.files["agent.py"].replace(b"0.6, 0.3, 0.5", self._knobs.pop(0).encode())
        return [Candidate(files={"agent.py": source}, parent=parents[0].digest)]


def searched(
    folder: Path, agent: MetaAgent, *, trials: int, journal: MemoryJournal | None = None
) -> tuple[RandomFound, Arithmetic, list[str]]:
    environment = NoisyEnvironment()
    executor = Arithmetic(environment)
    journal = journal or MemoryJournal()
    desk = TrialDesk(executor, journal, artefacts=folder)
    proposed: list[str] = []

    def add(candidate: Candidate) -> None:
        proposed.append(candidate.digest)
        journal.add_candidate(candidate)

    found = random_search(
        agent,
        Measuring(desk, bench=BENCH.digest, needs_preparation=False, preparation_seed=1),
        Schedule({split: environment.tasks(split) for split in SPLITS}, seed=1, is_seeded=True),
        lab=RunLab(
            target=BENCH.target,
            objective=Objective(),
            baseline=BASELINE,
            candidate=journal.candidate,
        ),
        baseline=BASELINE,
        traits=environment.traits,
        trials=trials,
        seed=3,
        add_candidate=add,
    )
    desk.flush()
    return found, executor, proposed


def test_what_scores_higher_is_gone_on_from_and_what_does_not_is_not(tmp_path: Path) -> None:
    found, _, _ = searched(
        tmp_path, Knobs("0.0, 1.0, 0.0", "0.9, 0.1, 0.6", "0.6, 0.3, 0.4"), trials=999
    )
    assert b"0.9, 0.1, 0.6" in found.winner.files["agent.py"]
    assert (found.proposals, found.kept) == (3, 1)
    assert found.trials == 4 * 12


def test_what_breaks_at_once_costs_one_trial(tmp_path: Path) -> None:
    found, _, _ = searched(tmp_path, Knobs("no, such, names"), trials=999)
    assert (found.trials, found.kept, found.winner) == (13, 0, BASELINE)


def test_it_ends_when_so_many_trials_were_looked_at(tmp_path: Path) -> None:
    found, _, proposed = searched(tmp_path, RandomEdits(), trials=100)
    assert 100 <= found.trials < 112
    assert found.proposals == len(proposed) > 7


def test_the_trials_that_are_known_give_the_same_search_again(tmp_path: Path) -> None:
    journal = MemoryJournal()
    first, _, proposed = searched(tmp_path, RandomEdits(), trials=100, journal=journal)
    again, executor, others = searched(tmp_path, RandomEdits(), trials=100, journal=journal)
    assert (again, others) == (first, proposed)
    assert executor.measured == 0
