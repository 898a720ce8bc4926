"""The page on code search: its picture is of its table, its options are told."""

from __future__ import annotations

import re

from agentlab.experiment.load import find_experiment, load_experiment
from scripts.pictures.code_search import rows_of
from tests.benchmarks.code_search_baselines import BASELINES
from tests.docs.conftest import ROOT

PAGE = (ROOT / "docs/code_search.md").read_text(encoding="utf-8")
FOLDER = ROOT / "environments/code_search"


def test_every_way_to_rank_that_ships_is_in_the_table() -> None:
    shipped = {path.name for path in (FOLDER / "targets").iterdir()}

    assert {name for name, _ in rows_of(PAGE)} >= shipped | {"target"}
    assert set(BASELINES) == shipped | {"start"}


def test_its_run_can_be_read() -> None:
    assert "agentlab run experiments/code_search.yaml" in PAGE
    load_experiment(find_experiment("code_search"), [])


def test_the_readme_lists_every_target_and_option() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    targets = {f"targets/{path.name}" for path in (FOLDER / "targets").iterdir()}
    source = (FOLDER / "environment.py").read_text(encoding="utf-8")
    options = set(re.findall(r"^        (\w+): .* = ", source, re.MULTILINE))

    assert len(options) == 8
    assert all(f"`{name}" in readme for name in targets | options)
