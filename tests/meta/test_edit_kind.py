from __future__ import annotations

import pytest

from agentlab.core.ceiling import EditKind
from agentlab.meta.edit_kind import edit_kind

BEFORE = b"LIMIT = 3\n\n\ndef solve(goal, tools):\n    return goal.x - 1 if goal.y else -2.5\n"


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (BEFORE.replace(b"3", b"30_000"), "numbers"),
        (BEFORE.replace(b"-2.5", b"7"), "numbers"),
        (BEFORE.replace(b"LIMIT = 3", b"LIMIT = -3.0  # lower"), "numbers"),
        (BEFORE.replace(b"- 1", b"+ 1"), "structure"),
        (BEFORE.replace(b"goal.y", b"not goal.y"), "structure"),
        (BEFORE.replace(b"3", b"True"), "structure"),
        (BEFORE.replace(b"3", b"'3'"), "structure"),
        (BEFORE.replace(b"x", b"z"), "structure"),
    ],
)
def test_an_edit_of_python_is_of_numbers_if_nothing_else_differs(
    after: bytes, kind: EditKind
) -> None:
    assert edit_kind({"agent.py": BEFORE}, {"agent.py": after}) == kind


def test_any_text_is_compared_without_its_numbers() -> None:
    before = {"weights.json": b'{"title": 1.5, "h2o": -2e3}'}
    assert edit_kind(before, {"weights.json": b'{"title": 9, "h2o": 0.1}'}) == "numbers"
    assert edit_kind(before, {"weights.json": b'{"title": 1.5, "h3o": -2e3}'}) == "structure"


def test_every_changed_file_counts_and_another_file_is_structure() -> None:
    before = {"agent.py": BEFORE, "prompt.txt": b"be brief"}
    numbers = BEFORE.replace(b"3", b"4")
    assert edit_kind(before, {**before, "agent.py": numbers}) == "numbers"
    assert edit_kind(before, {"agent.py": numbers, "prompt.txt": b"be long"}) == "structure"
    assert edit_kind(before, {**before, "more.py": b""}) == "structure"


def test_what_cannot_be_parsed_is_compared_as_text() -> None:
    assert edit_kind({"a.py": b"if 1"}, {"a.py": b"if 2"}) == "numbers"
    assert edit_kind({"a.py": b"if 1"}, {"a.py": b"if 2:"}) == "structure"
