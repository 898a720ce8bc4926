from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.environment import EnvironmentSpec
from agentlab.errors import InputError, UnknownReference
from agentlab.references import (
    build_environment,
    builtin_root,
    find_folder,
    list_builtins,
    load_folder,
)

ENVIRONMENT = """\
from .words import GREETING


class Tiny:
    def __init__(self, name="nobody"):
        self.says = f"{GREETING} {name}"


ENVIRONMENT = Tiny
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Returns a project with an environment of its own, which shares a built-in one's name."""
    folder = tmp_path / "environments/browser"
    folder.mkdir(parents=True)
    (folder / "environment.py").write_text(ENVIRONMENT)
    (folder / "words.py").write_text("GREETING = 'hello'\n")
    return tmp_path


def test_the_projects_own_folder_wins_over_the_built_in_one(own: Path) -> None:
    assert find_folder("environments/browser", own) == own / "environments/browser"
    assert find_folder("environments/browser", own.parent) == builtin_root() / (
        "environments/browser"
    )


def test_a_folder_is_a_package_of_its_own(own: Path) -> None:
    spec = EnvironmentSpec(reference="environments/browser", options={"name": "world"})

    assert vars(build_environment(spec, own)) == {"says": "hello world"}


def test_a_folder_is_loaded_once(own: Path) -> None:
    folder = own / "environments/browser"

    assert load_folder(folder) is load_folder(folder)


def test_an_unknown_folder_is_told_with_the_nearest(own: Path) -> None:
    with pytest.raises(UnknownReference, match="did you mean 'browser'"):
        find_folder("environments/brwser", own)


def test_a_folder_without_a_module_or_a_class_is_told(own: Path) -> None:
    (own / "environments/empty").mkdir()
    (own / "environments/nameless").mkdir()
    (own / "environments/nameless/environment.py").write_text("")

    with pytest.raises(UnknownReference, match=r"has no environment\.py"):
        build_environment(EnvironmentSpec(reference="environments/empty"), own)
    with pytest.raises(UnknownReference, match="sets no ENVIRONMENT"):
        build_environment(EnvironmentSpec(reference="environments/nameless"), own)


def test_a_missing_package_of_an_environment_is_not_taken_for_a_missing_environment(
    own: Path,
) -> None:
    needy = own / "environments/needy"
    needy.mkdir()
    (needy / "environment.py").write_text("import no_such_package_at_all\n")

    with pytest.raises(ModuleNotFoundError, match="no_such_package_at_all"):
        load_folder(needy)


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("no_such_module:World", "no module 'no_such_module'"),
        ("agentlab.testing.environments.noisy:NoisyEnvironmnt", "did you mean 'NoisyEnvironment'"),
    ],
)
def test_a_wrong_import_is_told(reference: str, told: str) -> None:
    with pytest.raises(UnknownReference, match=told):
        build_environment(EnvironmentSpec(reference=reference))


def test_a_class_is_built_with_its_options() -> None:
    spec = EnvironmentSpec(reference="agentlab.testing.environments.noisy:NoisyEnvironment")

    assert type(build_environment(spec)).__name__ == "NoisyEnvironment"


def test_an_option_that_the_class_does_not_take_is_told_with_the_nearest() -> None:
    reference = "agentlab.testing.environments.noisy:NoisyEnvironment"
    with pytest.raises(InputError, match=r"no option 'optimun'; did you mean 'optimum'"):
        build_environment(EnvironmentSpec(reference=reference, options={"optimun": 3}))


def test_the_built_in_environments_are_listed() -> None:
    assert "browser" in list_builtins("environments")
