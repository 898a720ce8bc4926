"""The page on models: what it shows works when pasted."""

from __future__ import annotations

import re

import pytest
import yaml

from agentlab.experiment.config import ModelsConfig
from agentlab.experiment.models import setup_of
from agentlab.llm.patience import Patience
from tests.docs.conftest import ROOT

PAGE = (ROOT / "docs/models.md").read_text(encoding="utf-8")


def test_its_program_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("httpx")
    program = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[-1]
    exec(program, {})

    assert capsys.readouterr().out.strip() in re.findall(r"prints `(.*?)`", PAGE)


def test_its_experiment_is_well_formed() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    models = ModelsConfig.model_validate(yaml.safe_load(text)["models"])

    assert models.names == {"gpt-5-nano": "gpt-5-nano"}
    assert setup_of(models).price_table.cost_usd("gpt-5-nano", 1, 1) > 0


def test_the_settings_that_it_names_are_there() -> None:
    named = set(re.findall(r"`patience\.(\w+)`", PAGE))

    assert named
    assert named <= set(Patience.model_fields)
