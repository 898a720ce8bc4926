"""What is tried before it is proposed: measured once, told as it was, paid by the run."""

from __future__ import annotations

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Probed, Workshop
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.core.value import JsonValue
from agentlab.search.lab import RunLab
from agentlab.search.tries import Tries
from tests.search.test_contest import BETTER
from tests.search.wiring import BASELINE, BENCH, Wiring


class _Probes:
    def __init__(self) -> None:
        self.given: JsonValue = None

    def run(self, script: str, episodes: JsonValue) -> Probed:
        self.given = episodes
        return Probed("key", len(script), "")


def lab_of(wiring: Wiring, probes: _Probes | None = None) -> RunLab:
    tries = Tries(
        wiring.measuring,
        wiring.schedule,
        flush=wiring.desk.flush,
        trace=lambda key: [],
        probe=(probes or _Probes()).run,
        earlier=wiring.journal.trial,
    )
    return RunLab(
        target=BENCH.target,
        objective=Objective(),
        baseline=BASELINE,
        candidate=wiring.journal.candidate,
        tries=tries,
    )


def tried(lab: RunLab, candidate: Candidate) -> list[TrialRecord]:
    return list(lab.try_on_train(candidate, tasks=lab.train_tasks[:3], blocks=2))


def test_the_lab_of_a_run_is_a_workshop(wiring: Wiring) -> None:
    assert isinstance(lab_of(wiring), Workshop)


def test_candidates_are_tried_on_common_pairs_that_halving_asks_for_next(wiring: Wiring) -> None:
    lab = lab_of(wiring)
    mine, theirs = tried(lab, BETTER), tried(lab, BASELINE)

    assert [(r.task, r.seed) for r in mine] == [(r.task, r.seed) for r in theirs]
    block = wiring.schedule.blocks("train", "halving0", 2)
    wanted = {(pair.task.id, pair.seed) for pair in block}
    assert {(r.task, r.seed) for r in mine} <= wanted
    assert len(mine) == 6


def test_what_was_tried_is_kept_before_it_is_told(wiring: Wiring) -> None:
    for record in tried(lab_of(wiring), BETTER):
        assert wiring.journal.trial(record.key) == record


def test_another_session_knows_what_was_tried(wiring: Wiring) -> None:
    keys = [record.key for record in tried(lab_of(wiring), BETTER)]

    assert [record.key for record in lab_of(wiring).trials(keys)] == keys


def test_a_script_is_given_records_and_frames(wiring: Wiring) -> None:
    probes = _Probes()
    lab = lab_of(wiring, probes)
    record = tried(lab, BETTER)[0]

    assert lab.probe("script", [record.key]) == ("key", 6, "")
    assert isinstance(probes.given, list)
    (episode,) = probes.given
    assert isinstance(episode, dict)
    assert (episode["task"], episode["success"]) == (record.task, record.success)


def test_jobs_side_by_side_are_told_the_same_as_one_after_the_other(
    wiring: Wiring,
) -> None:
    lab = lab_of(wiring)
    both = lab.together([lambda: tried(lab, BETTER), lambda: tried(lab, BASELINE)])

    alone = lab_of(wiring)
    assert both == [tried(alone, BETTER), tried(alone, BASELINE)]
    assert wiring.desk.measured == 12


def test_an_attempt_counts_once_it_is_taken_over(wiring: Wiring) -> None:
    lab = lab_of(wiring)
    keys = tuple(record.key for record in tried(lab, BETTER))
    lab.add_attempt(Attempt(source="coding", trials=keys))
    assert lab.attempts == []

    records = lab.add_attempts(lab.take_reported())

    assert [record.key for record in records] == list(keys)
    assert [record.key for record in lab.train_records(BETTER.digest)] == list(keys)
    assert len(lab.attempts) == 1
    assert lab.take_reported() == ()


def test_without_anything_to_try_with_nothing_is_tried() -> None:
    lab = RunLab(
        target=BENCH.target,
        objective=Objective(),
        baseline=BASELINE,
        candidate=lambda _: BASELINE,
    )

    assert lab.try_on_train(BASELINE, tasks=["a"], blocks=1) == ()
    assert lab.probe("x", []).failure == "nothing can be tried in this lab"
    assert lab.together([lambda: 1]) == [1]
