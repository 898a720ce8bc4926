"""Experiments that somebody vouched for: a signature beside the file, over all of its content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agentlab.core.objective import GateRule, PairedRule
from agentlab.core.value import JsonValue
from agentlab.errors import InputError, NotAuthentic
from agentlab.experiment.config import Experiment
from agentlab.experiment.content import content_of
from agentlab.experiment.load import load_experiment
from agentlab.signing.ed25519 import PrivateKey
from agentlab.signing.envelope import open_envelope, require_signature, seal
from agentlab.signing.settings import SigningSettings
from agentlab.store.durable import write_durably

__all__ = ["check_signed", "sign_experiment", "signature_file"]

_MOST_NAMED = 5

_OF_A_SEARCH = ("name", "meta", "accept", "rounds", "search", "budget")
"""What an A/A, which keeps nothing and looks at no test, has in place of the experiment's own."""

_DEFAULT_RULE = PairedRule().model_dump(mode="json")
_RULE_OF_FIXED_DATA = GateRule(name="gate").model_dump(mode="json")


def signature_file(experiment: Path) -> Path:
    """Returns where the signature of an experiment file lies."""
    return experiment.with_name(f"{experiment.name}.sig")


def sign_experiment(file: Path, key: PrivateKey) -> Path:
    """Signs an experiment file and what it names, and returns where the signature lies.

    Raises:
        InputError: the experiment is not well formed, or the signature cannot be written.
    """
    content = content_of(load_experiment(file))
    place = signature_file(file)
    write_durably(place, seal("experiment", content.settings, key).to_bytes())
    return place


def check_signed(
    experiment: Experiment, file: Path | None, settings: SigningSettings
) -> bytes | None:
    """Returns the signature of an experiment; None where this site asks for none.

    Args:
        experiment: What is about to run, options of the command line on top.
        file: Where it was read from; None for one that was made in Python.
        settings: What this site asks.

    Raises:
        InputError: the site asks for a signature, and this is not what a trusted key signed.
    """
    if not settings.require_signed:
        return None
    asked = f"{settings.file} asks for a signature"
    if file is None:
        raise InputError(f"{asked}, and an experiment without a file has none")
    place = signature_file(file)
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"{file}: is not signed, and {asked}; where the key is: agentlab sign {file}"
        ) from None
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({error.strerror})") from error
    try:
        envelope = open_envelope(data, "experiment", str(place))
        require_signature(envelope, settings.public_keys(), str(place))
    except NotAuthentic as error:
        raise InputError(f"{error}; {asked}") from error
    differing = [
        key
        for key in _differing(envelope.payload, content_of(experiment).settings)
        if not (experiment.is_aa and _is_of_a_search(key))
    ]
    if differing:
        named = ", ".join(differing[:_MOST_NAMED])
        more = f" and {len(differing) - _MOST_NAMED} more" if len(differing) > _MOST_NAMED else ""
        raise InputError(
            f"{file}: {named}{more}: not as signed, and {asked}; leave out options that change "
            f"it, or sign it again where the key is: agentlab sign {file}"
        )
    return data


def _is_of_a_search(key: str) -> bool:
    return key.partition(".")[0] in _OF_A_SEARCH or key == "measure.baselines"


def _differing(signed: JsonValue, given: JsonValue, at: str = "") -> Iterator[str]:
    """Yields the settings in which two experiments differ.

    On fixed data a run whose rule is the default has the one that suits them.
    """
    if (at, signed, given) == ("objective.rule", _DEFAULT_RULE, _RULE_OF_FIXED_DATA):
        return
    if isinstance(signed, dict) and isinstance(given, dict):
        for key in [*signed, *(key for key in given if key not in signed)]:
            yield from _differing(signed.get(key), given.get(key), f"{at}.{key}".lstrip("."))
    elif signed != given:
        yield at
