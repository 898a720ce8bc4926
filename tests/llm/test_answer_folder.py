from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentlab.llm.answer_folder import AnswerFolder

KEYS = [f"{number:032x}" for number in range(3)]


def test_it_is_a_mapping_that_outlives_the_object(tmp_path: Path) -> None:
    AnswerFolder(tmp_path / "answers").update({KEYS[0]: "one \u00e9", KEYS[1]: "two"})
    again = AnswerFolder(tmp_path / "answers")

    assert dict(again) == {KEYS[0]: "one \u00e9", KEYS[1]: "two"}
    assert len(again) == 2
    del again[KEYS[0]]
    assert KEYS[0] not in again
    with pytest.raises(KeyError):
        del again[KEYS[0]]


def test_a_half_written_answer_is_none(tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path)
    folder[KEYS[0]] = "one"
    (tmp_path / KEYS[0][:2] / f"{KEYS[1]}.4711-1").write_text("half")

    assert list(folder) == [KEYS[0]]


def test_a_key_that_is_no_content_address_is_never_a_path(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        AnswerFolder(tmp_path)["../../etc/passwd"]


def test_many_may_write_one_answer_at_one_time(tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: folder.__setitem__(KEYS[0], "one"), range(40)))

    assert dict(folder) == {KEYS[0]: "one"}
