"""Attempts that are kept."""

from __future__ import annotations

from pathlib import Path

from agentlab.meta.command.attempts import Attempted, AttemptsFolder

ATTEMPT = Attempted(
    changed={"a.py": "x = 'ä\\x00'\n"}, hypothesis="h", cost_usd=0.5, said="\x1b[0m"
)


def test_an_attempt_outlives_the_process(tmp_path: Path) -> None:
    AttemptsFolder(tmp_path / "attempts").put("1" * 32, ATTEMPT)
    assert AttemptsFolder(tmp_path / "attempts").get("1" * 32) == ATTEMPT
    assert AttemptsFolder(tmp_path / "attempts").get("2" * 32) is None


def test_without_a_folder_it_is_remembered_all_the_same() -> None:
    attempts = AttemptsFolder(None)
    attempts.put("1" * 32, ATTEMPT)
    assert attempts.get("1" * 32) == ATTEMPT


def test_one_that_did_not_work_is_there_to_be_read_but_is_no_attempt(tmp_path: Path) -> None:
    broken = Attempted(problem="no key", is_broken=True)
    AttemptsFolder(tmp_path).put("1" * 32, broken)
    assert "no key" in (tmp_path / f"{'1' * 32}.json").read_text()
    assert AttemptsFolder(tmp_path).get("1" * 32) is None


def test_a_file_that_is_none_of_ours_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (tmp_path / f"{'1' * 32}.json").write_text('{"changed": 3}')
    assert AttemptsFolder(tmp_path).get("1" * 32) is None
