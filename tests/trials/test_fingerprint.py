"""The versions that an outcome depends on."""

from __future__ import annotations

import platform

import pytest

from agentlab.core.candidate import TargetSpec
from agentlab.errors import InputError
from agentlab.testing.environments.noisy import NoisyEnvironment
from agentlab.trials.fingerprint import fingerprint
from tests.trials.bench import bench


def test_interpreter_tokenizer_protocol_and_declared_packages_are_in_it() -> None:
    target = TargetSpec(packages=("numpy",))
    found = fingerprint(bench().model_copy(update={"target": target}), NoisyEnvironment())
    assert found["python"] == platform.python_version()
    assert {"protocol", "tokenizer", "package:numpy"} <= found.keys()


def test_a_package_that_is_not_installed_is_an_error() -> None:
    target = TargetSpec(packages=("no-such-package",))
    with pytest.raises(InputError, match="pip install no-such-package"):
        fingerprint(bench().model_copy(update={"target": target}), NoisyEnvironment())
