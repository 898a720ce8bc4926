"""What is shipped works wherever it is installed, and holds nothing private."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import PRIVATE, Distributions, Python, check_run

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]

ENVIRONMENT = "agentlab.testing.environments.noisy:NoisyEnvironment"
EXPERIMENT = f"""\
name: tiny
environment: {ENVIRONMENT}
target: ./target
meta: [mutation]
budget: {{candidates: 1}}
executor: {{kind: inline}}
sandbox: plain
objective: {{rule: {{max_blocks: 4}}}}
measure: {{final_blocks: 1, min_clusters: 2}}
accept: [noise]
"""
AGENT = """\
KNOBS = (0.6, 0.3, 0.5)


def solve(goal, tools):
    for knob, value in enumerate(KNOBS):
        tools.turn(knob, value)
    return "done"
"""


def names_in(archive: Path) -> set[str]:
    """Returns the files of an archive; those of a sdist without its first folder."""
    if archive.suffix == ".whl":
        return set(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames()}


@pytest.fixture(params=["wheel", "wheel_of_sdist", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest,
    distributions: Distributions,
    fresh_python: Python,
    project: Path,
) -> Python:
    """Returns a Python in which the project is installed, in each of the four ways."""
    plain = ["--no-deps", "--no-build-isolation", "--force-reinstall"]
    if request.param == "editable":
        fresh_python.install(*plain, "-e", project)
    else:
        fresh_python.install(*plain, getattr(distributions, request.param))
    return fresh_python


def agentlab_in(python: Python, folder: Path, *arguments: str) -> str:
    return check_run([python.folder / "bin/agentlab", *arguments], cwd=folder)


def test_nothing_that_git_ignores_is_shipped(distributions: Distributions) -> None:
    private_names = {Path(name).name for name in PRIVATE}
    for archive in distributions:
        shipped = names_in(archive)
        leaked = {
            name
            for name in shipped
            if Path(name).name in private_names or {"__pycache__", "runs"} & set(Path(name).parts)
        }
        assert leaked == set(), archive.name


def test_the_wheel_is_the_same_from_the_tree_and_from_the_sdist(
    distributions: Distributions,
) -> None:
    assert names_in(distributions.wheel) == names_in(distributions.wheel_of_sdist)


def test_the_wheel_puts_one_package_beside_others(distributions: Distributions) -> None:
    tops = {name.partition("/")[0] for name in names_in(distributions.wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"agentlab"}
    assert "agentlab/py.typed" in names_in(distributions.wheel)


def test_the_sdist_can_be_tested_and_built(distributions: Distributions) -> None:
    needed = {"Makefile", "LICENSE", "README.md", "requirements.lock", "tests/conftest.py"}

    assert needed <= names_in(distributions.sdist)


def test_it_works_from_an_unrelated_folder(installed: Python, tmp_path: Path) -> None:
    envs = json.loads(agentlab_in(installed, tmp_path, "envs", "--json"))
    version = agentlab_in(installed, tmp_path, "--version")

    assert "environments/browser" in {entry["reference"] for entry in envs["environments"]}
    assert version.split()[-1] == "0.1.0"


def test_a_run_ends_where_it_is_installed(installed: Python, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target/agent.py").write_text(AGENT)
    (tmp_path / "tiny.yaml").write_text(EXPERIMENT)

    result = json.loads(agentlab_in(installed, tmp_path, "run", "tiny.yaml", "--json"))

    assert result["status"] == "completed"
    assert result["candidates"]["proposed"] >= 1
