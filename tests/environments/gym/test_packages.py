"""Pairs of packages that do not work together are found before anything starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.references import find_folder
from tests.environments.gym.conftest import gym_world

EXPERIMENT = """\
name: broken
environment: {{reference: environments/gym, options: {{id: "{id}"}}}}
target: environments/gym/targets/fetch
meta: [mutation]
budget: {{candidates: 1}}
executor: {{kind: inline}}
"""


def package(folder: Path, distribution: str, version: str, *, imports: str = "") -> None:
    """Lays out an installed distribution: a module that must not be imported, and its metadata."""
    module = distribution.replace("-", "_")
    (folder / module).mkdir(parents=True)
    (folder / module / "__init__.py").write_text(imports or "raise AssertionError('imported')\n")
    about = folder / f"{module}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    )


def installed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.syspath_prepend(folder)


@pytest.mark.parametrize("mujoco", ["3.12.0", "4.0.0"])
def test_robotics_with_a_mujoco_that_breaks_it_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mujoco: str
) -> None:
    package(tmp_path, "gymnasium-robotics", "1.4.2")
    package(tmp_path, "mujoco", mujoco)
    installed(monkeypatch, tmp_path)

    with pytest.raises(InputError) as caught:
        gym_world(id="gymnasium_robotics:FetchPush-v4")
    assert f"gymnasium-robotics 1.4.2 does not work with mujoco {mujoco}" in str(caught.value)
    assert "pip install 'mujoco>=3.3,<3.12'" in str(caught.value)
    assert gym_world(id="CartPole-v1").traits.is_deterministic, "other worlds go on as ever"


def test_a_pair_that_works_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "gymnasium-robotics", "1.4.2", imports="raise RuntimeError('imported')\n")
    package(tmp_path, "mujoco", "3.11.0")
    installed(monkeypatch, tmp_path)

    with pytest.raises(InputError, match="RuntimeError: imported"):
        gym_world(id="gymnasium_robotics:FetchPush-v4")


def test_metaworld_without_what_it_forgot_to_ask_for_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "metaworld", "3.1.1")
    installed(monkeypatch, tmp_path)
    monkeypatch.setitem(sys.modules, "packaging", None)

    with pytest.raises(InputError, match="pip install packaging"):
        gym_world(id="metaworld:Meta-World/MT1")


def test_what_is_not_installed_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, extra in (("gymnasium_robotics", "fetch"), ("metaworld", "metaworld")):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(InputError, match=rf"no module '{module}'; .*\[{extra}\]"):
            gym_world(id=f"{module}:Some-v1")


def agentlab(*arguments: str, packages: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    root = find_folder("environments").parent
    return subprocess.run(
        [sys.executable, "-m", "agentlab", *arguments],
        env={"PYTHONPATH": f"{packages}:{root}", "PATH": "/usr/bin:/bin", "HOME": str(cwd)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_ends_with_one_clear_error_and_the_doctor_tells_as_well(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "packages"
    package(broken, "gymnasium-robotics", "1.4.2")
    package(broken, "mujoco", "4.0.0")
    (tmp_path / "x.yaml").write_text(EXPERIMENT.format(id="gymnasium_robotics:FetchPush-v4"))

    ran = agentlab("run", "x.yaml", packages=broken, cwd=tmp_path)
    assert ran.returncode == 2
    assert "does not work with mujoco 4.0.0" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "runs").exists()

    asked = agentlab("doctor", packages=broken, cwd=tmp_path)
    (line,) = (line for line in asked.stdout.splitlines() if "gymnasium_robotics" in line[:30])
    assert line.startswith("FAIL")
    assert "pip install 'mujoco>=3.3,<3.12'" in line
