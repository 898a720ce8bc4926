from __future__ import annotations

from agentlab.experiment.doctor import examine


def test_every_line_says_what_was_found_and_a_failure_says_more_than_no() -> None:
    lines = {line.name: line for line in examine()}
    assert {"python", "sandbox", "ray", "git", "disk", "name"} <= set(lines)
    assert lines["python"].ok
    assert all(line.detail for line in lines.values())
