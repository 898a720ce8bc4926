"""requirements.lock: complete, hashed, and tied to no host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKED_EXTRAS = (
    "browser",
    "gym",
    "llm",
    "mcp",
    "postgres",
    "retrieval",
    "robot",
    "signing",
    "testing",
    "dev",
)


def pinned() -> list[tuple[Requirement, str]]:
    """Returns each requirement of the lock, with the hashes that follow it."""
    logical_lines = LOCK.replace("\\\n", " ").splitlines()
    entries = [line for line in logical_lines if line.strip() and not line.startswith("#")]
    return [
        (Requirement(entry.partition("--hash")[0].strip()), " ".join(entry.split("--hash")[1:]))
        for entry in entries
    ]


def asked_for() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for name in LOCKED_EXTRAS for line in extras[name])]
    return [
        requirement
        for requirement in map(Requirement, lines)
        if canonicalize_name(requirement.name) != PROJECT["name"]
    ]


def test_the_lock_names_no_host() -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|@ *file", LOCK)


def test_every_entry_is_pinned_and_hashed() -> None:
    entries = pinned()

    assert len(entries) > len(asked_for())
    for requirement, hashes in entries:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert re.search(r"=sha256:[0-9a-f]{64}", hashes), requirement


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("asked", asked_for(), ids=lambda requirement: requirement.name)
def test_the_lock_satisfies_what_the_project_asks_for(asked: Requirement, python: str) -> None:
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    versions = [
        str(requirement.specifier).removeprefix("==")
        for requirement, _ in pinned()
        if canonicalize_name(requirement.name) == canonicalize_name(asked.name)
        and (requirement.marker is None or requirement.marker.evaluate(machine))
    ]

    assert len(versions) == 1, "run: make lock"
    assert asked.specifier.contains(versions[0]), "run: make lock"
