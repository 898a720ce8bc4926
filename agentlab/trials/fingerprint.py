"""The versions that an outcome depends on: part of every trial's key."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata

from agentlab.core.environment import Environment
from agentlab.core.trial import Bench
from agentlab.errors import InputError
from agentlab.llm.tokens import TOKENIZER

__all__ = ["PROTOCOL", "fingerprint"]

PROTOCOL = "1"
"""Version of the wire and of what a trial means; a change makes all earlier trials incomparable."""


def fingerprint(bench: Bench, environment: Environment) -> Mapping[str, str]:
    """Returns interpreter, declared packages, tokenizer, protocol and the environment's versions.

    Raises:
        InputError: the target declares a distribution that is not installed.
    """
    versions = {
        "python": platform.python_version(),
        "protocol": PROTOCOL,
        "tokenizer": TOKENIZER,
    }
    missing = []
    for package in bench.target.packages:
        try:
            versions[f"package:{package}"] = metadata.version(package)
        except metadata.PackageNotFoundError:
            missing.append(
                f"target.packages: '{package}' is not installed; try: pip install {package}"
            )
    if missing:
        raise InputError(*missing)
    return versions | {f"environment:{k}": v for k, v in environment.fingerprint().items()}
