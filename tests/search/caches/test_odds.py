"""Groups of episodes in place of single ones."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agentlab.core.outcome import Fate
from agentlab.search.caches.odds import ROUNDS, distances, judge_by_repetition
from agentlab.search.caches.played import Call, Played


def episodes(answer: str, successes: Sequence[float]) -> list[Played]:
    return [
        Played(Fate.FAILED, "", (Call("ask", {}, answer),), "", "", {"success": success})
        for success in successes
    ]


LOW, HIGH = (0.1, 0.3, 0.2, 0.4, 0.0), (0.9, 0.7, 0.8, 0.6, 1.0)
INCUMBENT = episodes("old", LOW)
EDITED = episodes("new", HIGH)


def level(cold: list[Played], warm: list[Played]) -> str:
    return judge_by_repetition("a.py", "e", incumbent=INCUMBENT, cold=cold, warm=warm).level


def test_an_edit_that_stands_out_warm_and_cold_is_sound() -> None:
    assert level(EDITED, episodes("new", HIGH[::-1])) == "sound"


def test_an_edit_that_comes_out_as_the_incumbent_after_it_was_swallowed() -> None:
    assert level(EDITED, episodes("old", LOW[::-1])) == "fault"


def test_an_edit_that_does_not_stand_out_tells_nothing() -> None:
    assert level(episodes("old", LOW[::-1]), EDITED) == "unknown"


def test_what_lies_between_tells_nothing() -> None:
    mixed = [*episodes("old", LOW[:2]), *episodes("new", HIGH[:3])]

    assert level(EDITED, mixed) == "unknown"


def test_the_verdict_tells_its_chance() -> None:
    finding = judge_by_repetition(
        "a.py", "e", incumbent=INCUMBENT, cold=EDITED, warm=episodes("old", LOW)
    )

    assert f"{ROUNDS} repetitions, p = 0.008" in finding.text


def test_distances_lie_between_nothing_and_everything() -> None:
    found = distances([*episodes("old", (0.0,)), *episodes("old", (1.0,)), *episodes("x", (0.0,))])

    assert all(found[place][place] == 0 for place in range(3))
    assert found[0][1] == found[1][0] == pytest.approx(1 / 8)
    assert max(max(row) for row in found) <= 1
