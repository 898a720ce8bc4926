"""Where the probe plays."""

from __future__ import annotations

from agentlab.search.caches.stage import Stage
from agentlab.trials.inline import InlineExecutor
from tests.search.caches.stages import WHOLE_TARGET, pairs, setting


def test_an_episode_is_played_once_and_remembered_with_its_calls() -> None:
    counted: list[int] = []
    given = setting(counted.append)
    (pair,) = pairs(1)
    with Stage(given, InlineExecutor(given.bench)) as stage:
        first = stage.play(WHOLE_TARGET, pair)
        again = stage.play(WHOLE_TARGET, pair)

    assert first == again
    assert first.asked == [
        ("look_up", {"word": "open-0/0", "style": "plain and short and kind"}),
    ]
    assert counted == [1, 0], "the desk knew it the second time"
