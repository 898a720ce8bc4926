"""The page on retrieval: what it shows works when pasted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agentlab.retrieval.embedders.named import KINDS
from tests.docs.conftest import ROOT
from tests.retrieval.folders import plain_folder

PAGE = (ROOT / "docs/retrieval.md").read_text(encoding="utf-8")


def test_its_program_ranks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("bm25s")
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "data").mkdir()
    plain_folder(tmp_path / "data/tools")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(program, names)

    assert capsys.readouterr().out.startswith("[")
    assert [len(ranking) for ranking in names["rankings"]] == [3, 3]  # type: ignore[attr-defined]
    names["embedder"].close()  # type: ignore[attr-defined]


def test_it_lists_every_kind_of_embedder() -> None:
    assert re.findall(r"^\| `([\w-]+)` \|.*\| \d+ \|$", PAGE, re.MULTILINE) == list(KINDS)
