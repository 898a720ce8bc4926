"""The page on tool search: its picture is of its table, its runs can be read."""

from __future__ import annotations

import re
from pathlib import Path

from agentlab.experiment.load import find_experiment, load_experiment
from scripts.pictures.tool_search import rows_of
from tests.benchmarks.tool_search_baselines import BASELINES
from tests.docs.conftest import ROOT

PAGE = (ROOT / "docs/tool_search.md").read_text(encoding="utf-8")
FOLDER = ROOT / "environments/tool_search"

_RUN = re.compile(r"agentlab run experiments/(?P<name>[\w/]+)\.yaml(?: --set (?P<set>[\w.=]+))?")


def test_every_way_to_rank_that_ships_is_in_the_table() -> None:
    shipped = {path.name for path in (FOLDER / "targets").iterdir()} | {"start"}

    assert {row.name for row in rows_of(PAGE)} >= shipped
    assert set(BASELINES) == shipped
    assert all(0.2 < row.everywhere < row.scoped < 0.8 for row in rows_of(PAGE))


def test_every_run_that_it_tells_of_can_be_read() -> None:
    told = {(found["name"], found["set"]) for found in _RUN.finditer(PAGE)}

    assert {name for name, _ in told} >= {
        "tool_search",
        "tool_search_gauntlet",
        "bm25_only",
        "unseen_tools",
    }
    for name, override in told:
        load_experiment(find_experiment(name), [override] if override else [])


def test_the_readme_lists_every_target_and_option() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    targets = {f"targets/{path.name}" for path in (FOLDER / "targets").iterdir()}
    source = Path(FOLDER / "environment.py").read_text(encoding="utf-8")
    options = set(re.findall(r"^        (\w+): .* = ", source, re.MULTILINE))

    assert len(options) == 9
    assert all(f"`{name}" in readme for name in targets | options)
