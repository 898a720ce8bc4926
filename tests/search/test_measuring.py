"""Candidates on pairs."""

from __future__ import annotations

from tests.search.wiring import BASELINE, Wiring


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
