from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import agentlab
from agentlab.core.environment import EnvironmentSpec
from agentlab.experiment.config import Experiment, IdeasConfig, MutationConfig


def models_within(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_within(field.annotation)
    for part in typing.get_args(annotation):
        yield from models_within(part)


MODELS = list(dict.fromkeys(models_within(Experiment)))
FIELDS = [(model, name) for model in MODELS for name in model.model_fields]


def test_the_walk_finds_nested_models_and_members_of_unions() -> None:
    assert {Experiment, EnvironmentSpec, IdeasConfig, MutationConfig} <= set(MODELS)


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=str)
def test_every_field_is_read_outside_the_configuration(model: type[BaseModel], name: str) -> None:
    package = Path(agentlab.__file__).parent
    files = [file for file in package.rglob("*.py") if file.name != "config.py"]
    # As an attribute, or by its name where the model travelled as JSON.
    reading = re.compile(rf"\.{name}\b|[\"']{name}[\"']")
    assert any(reading.search(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize(
    ("model", "name"),
    [(model, name) for model, name in FIELDS if model.__module__ == Experiment.__module__],
    ids=str,
)
def test_every_field_says_what_it_is(model: type[BaseModel], name: str) -> None:
    assert model.model_fields[name].description


def test_another_bank_of_ideas_takes_the_place_of_the_first(good_lines: list[str]) -> None:
    from agentlab.experiment.load import parse_experiment

    experiment = parse_experiment("\n".join(good_lines).encode(), "f.yaml")
    changed = experiment.with_ideas(Path("mine")).with_ideas(Path("yours"))
    assert [source.kind for source in changed.meta] == ["ideas", "mutation"]
    assert [s.folder for s in changed.meta if isinstance(s, IdeasConfig)] == ["yours"]
