from __future__ import annotations

from agentlab.core.task import Task


def test_a_task_without_a_group_is_a_group_of_its_own() -> None:
    assert Task(id="a", group="shop").group_or_id == "shop"
    assert Task(id="a").group_or_id == "a"
