"""Candidates on pairs."""

from __future__ import annotations

from pathlib import Path

from agentlab.core.candidate import TargetSpec
from agentlab.core.outcome import ItemOutcome, Outcome
from agentlab.core.trial import Trial
from agentlab.meta.canary import canary_of
from agentlab.search.desk import TrialDesk
from agentlab.search.measuring import Measuring
from agentlab.trials.executor import Finished
from tests.search.scripted import Scripted
from tests.search.wiring import BASELINE, MemoryJournal, Wiring

CANARY = canary_of(BASELINE, "canary 1", target=TargetSpec())


def test_several_candidates_are_measured_on_the_same_pairs(wiring: Wiring) -> None:
    other = BASELINE.with_files(
        {"agent.py": BASELINE.files["agent.py"].replace(b"0.6", b"0.9")}, parent=BASELINE.digest
    )
    pairs = wiring.schedule.block("train", "x", 0)
    found = wiring.measuring.on_all([BASELINE, other], pairs)
    assert {digest: [record.seed for record in records] for digest, records in found.items()} == {
        candidate.digest: [pair.seed for pair in pairs] for candidate in (BASELINE, other)
    }


def test_a_world_without_preparation_prepares_nobody(wiring: Wiring) -> None:
    assert wiring.measuring.prepare([BASELINE]) == {}
    assert wiring.desk.measured == 0


def test_what_is_expected_is_measured_only_if_there_is_time(wiring: Wiring) -> None:
    pairs = wiring.schedule.block("train", "x", 1)
    wiring.measuring.expect([BASELINE], pairs, is_next=False)
    wiring.measuring.forget_expected()
    assert wiring.desk.measured == 0


def test_a_canary_is_measured_on_other_seeds_and_told_of_the_pairs(wiring: Wiring) -> None:
    pairs = wiring.schedule.blocks("train", "x", 3)
    found = wiring.measuring.on_all([BASELINE, CANARY], pairs)
    mine, theirs = found[CANARY.digest], found[BASELINE.digest]
    told = [(record.task, record.seed, record.cluster) for record in mine]
    assert told == [(record.task, record.seed, record.cluster) for record in theirs]
    assert [one.success for one in mine] != [one.success for one in theirs]

    wiring.desk.flush()
    ran = {one.key: one for one in wiring.journal.trials.values() if one.candidate == CANARY.digest}
    assert ran.keys() == {record.key for record in mine}
    assert not {one.seed for one in ran.values()} & {pair.seed for pair in pairs}
    assert all(ran[one.key].success == one.success for one in mine)


def test_what_is_expected_of_a_canary_is_what_is_asked_of_it(wiring: Wiring) -> None:
    pairs = wiring.schedule.block("train", "x", 0)
    wiring.measuring.expect([CANARY], pairs, is_next=True)
    wiring.measuring.on(CANARY, pairs)
    assert wiring.desk.measured == len(pairs)


class Batches(Scripted):
    """Answers each trial with items of the very pair."""

    def next_finished(self, timeout_s: float) -> Finished | None:
        done = super().next_finished(timeout_s)
        if done is None:
            return None
        record = done.record
        items = tuple(
            ItemOutcome(id=f"{record.seed}/{place}", cluster=f"{record.seed}", success=place % 2)
            for place in range(10)
        )
        outcome = Outcome(success=0.5, items=items)
        return done._replace(record=record.model_copy(update={"outcome": outcome}))


def test_items_are_told_by_the_names_that_the_incumbents_have(
    wiring: Wiring, tmp_path: Path
) -> None:
    desk = TrialDesk(Batches(), MemoryJournal(), artefacts=tmp_path)
    measuring = Measuring(desk, bench="b", needs_preparation=False, preparation_seed=1)
    pairs = wiring.schedule.block("train", "x", 0)
    found = measuring.on_all([BASELINE, CANARY], pairs)
    names, scores = (
        [[getattr(item, field) for one in found[who.digest] for item in one.items] for who in sides]
        for field, sides in (("id", (BASELINE, CANARY)), ("success", (BASELINE, CANARY)))
    )
    assert names[0] == names[1]
    assert scores[0] != scores[1]


def test_of_fixed_data_the_very_pairs_are_run(wiring: Wiring, tmp_path: Path) -> None:
    executor = Scripted()
    desk = TrialDesk(executor, MemoryJournal(), artefacts=tmp_path)
    measuring = Measuring(
        desk, bench="b", needs_preparation=False, preparation_seed=1, is_seeded=False
    )
    pairs = wiring.schedule.block("train", "x", 0)
    measuring.on(CANARY, pairs)
    wanted = [Trial(bench="b", candidate=CANARY.digest, pair=pair).key for pair in pairs]
    assert executor.attempts == wanted


def test_pictures_are_made_of_a_sample_of_pairs_by_their_seeds_alone(wiring: Wiring) -> None:
    pairs = wiring.schedule.series("train", "x", 40)

    def pictured(share: float) -> set[int]:
        measuring = Measuring(
            wiring.desk, bench="b", needs_preparation=False, preparation_seed=1, trace_share=share
        )
        trials = measuring.trials(BASELINE, pairs, "unsolved")
        return {trial.pair.seed for trial in trials if trial.pair and trial.trace == "pictured"}

    assert pictured(0.0) == set()
    assert 0.2 < len(pictured(0.3)) / len(pairs) < 0.4
    assert pictured(0.1) < pictured(0.3) < pictured(1.0) == {pair.seed for pair in pairs}


def test_where_traces_are_read_those_of_train_are_kept_and_no_others(wiring: Wiring) -> None:
    measuring = Measuring(
        wiring.desk,
        bench="b",
        needs_preparation=False,
        preparation_seed=1,
        keeps_train_traces=True,
    )
    for split, kept in (("train", "always"), ("validation", "broken"), ("test", "broken")):
        pairs = wiring.schedule.block(split, "x", 0)  # type: ignore[arg-type]
        assert {trial.trace for trial in measuring.trials(BASELINE, pairs, "broken")} == {kept}
