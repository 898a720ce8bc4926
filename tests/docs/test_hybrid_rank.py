"""The page on hybrid ranking: its tables are those of the bank, its runs can be read."""

from __future__ import annotations

import re

from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from scripts.pictures.hybrid_rank import rows
from tests.docs.conftest import ROOT

PAGE = (ROOT / "docs/hybrid_rank.md").read_text(encoding="utf-8")

_RUN = re.compile(r"agentlab run experiments/(?P<name>\w+)\.yaml(?: --set (?P<set>\S+))?")


def test_every_idea_of_the_bank_and_every_baseline_is_in_the_table() -> None:
    bank = {idea.name for idea in read_bank(find_folder("experiments/ideas/hybrid_rank"))}
    targets = find_folder("environments/hybrid_rank") / "targets"
    baselines = {path.parent.name for path in targets.glob("*/ranker.py")}

    assert {row.name for row in rows()} == bank | baselines
    assert all(row.low <= row.mean <= row.high for row in rows())


def test_every_run_that_it_tells_of_can_be_read() -> None:
    told = [(found["name"], found["set"]) for found in _RUN.finditer(PAGE)]

    assert {name for name, _ in told} == {"hybrid_rank", "hybrid_rank_rounds"}
    for name, override in told:
        load_experiment(find_experiment(name), [override] if override else [])
