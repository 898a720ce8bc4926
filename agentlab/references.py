"""From a reference in an experiment file to a folder or a class.

Two forms, one grammar: `environments/browser` is a folder, looked up in the project first and then
among the built-ins; `package.module:Name` is an import.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.value import digest
from agentlab.errors import InputError, UnknownReference, nearest

__all__ = ["build_environment", "builtin_root", "find_folder", "list_builtins", "load_folder"]

_PACKAGE = Path(__file__).resolve().parent


def builtin_root() -> Path:
    """Returns the folder of the built-in environments, tasks and experiments.

    It lies inside the package in a wheel, beside it in a checkout.
    """
    bundled = _PACKAGE / "_bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def list_builtins(kind: str) -> list[str]:
    """Returns the names in a built-in folder such as `environments`, sorted."""
    folder = builtin_root() / kind
    return sorted(
        entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name[0] not in "._"
    )


def find_folder(reference: str, base: Path | None = None) -> Path:
    """Returns the folder that a reference such as `environments/browser` names.

    Raises:
        UnknownReference: neither the project (`base`, else the current folder) nor the built-ins
            have it.
    """
    places = [(base or Path.cwd()) / reference, builtin_root() / reference]
    for place in places:
        if place.is_dir():
            return place.resolve()
    siblings = {
        entry.name
        for place in places
        if place.parent.is_dir()
        for entry in place.parent.iterdir()
        if entry.is_dir() and entry.name[0] not in "._"
    }
    tried = ", ".join(str(place) for place in places)
    raise UnknownReference(
        f"no folder '{reference}' here or among the built-ins (tried {tried})"
        f"{nearest(Path(reference).name, sorted(siblings))}"
    )


def load_folder(folder: Path) -> ModuleType:
    """Imports `environment.py` of a folder under a private name; its relative imports work."""
    name = f"_agentlab_{folder.name}_{digest(str(folder))[:8]}"
    if f"{name}.environment" in sys.modules:
        return sys.modules[f"{name}.environment"]
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    try:
        return importlib.import_module(f"{name}.environment")
    except ModuleNotFoundError as error:
        if error.name == f"{name}.environment":
            raise UnknownReference(f"{folder} has no environment.py") from error
        raise


def build_environment(spec: EnvironmentSpec, base: Path | None = None) -> Environment:
    """Builds the environment that a spec names, in this process.

    A folder's `environment.py` names its class in `ENVIRONMENT`.

    Raises:
        UnknownReference: no such folder, module or class.
        InputError: the class takes no option of a name that the spec gives.
    """
    environment_class: Any  # whatever the module defines; its use is checked by the suite
    if ":" in spec.reference:
        environment_class = _import_name(spec.reference)
    else:
        module = load_folder(find_folder(spec.reference, base))
        environment_class = getattr(module, "ENVIRONMENT", None)
        if environment_class is None:
            raise UnknownReference(f"{module.__file__} sets no ENVIRONMENT = <the class>")
    _require_known_options(environment_class, spec.options)
    environment: Environment = environment_class(**spec.options)
    return environment


def _require_known_options(environment_class: Any, options: Mapping[str, Any]) -> None:
    """Refuses an option that a class does not name; one that takes any is asked nothing."""
    taken = inspect.signature(environment_class).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken):
        return
    known = [parameter.name for parameter in taken]
    if unknown := [name for name in options if name not in known]:
        there_are = f"there are {', '.join(known)}" if known else "it takes none"
        raise InputError(
            *(f"no option '{name}'{nearest(name, known)} ({there_are})" for name in unknown)
        )


def _import_name(reference: str) -> Any:  # Any: whatever the module holds
    module_name, _, name = reference.partition(":")
    # As `python -m` has it: a module beside one's experiment is found by the command, too.
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UnknownReference(f"no module '{error.name}' (for '{reference}')") from error
    if not hasattr(module, name):
        raise UnknownReference(f"'{module_name}' has no '{name}'{nearest(name, vars(module))}")
    return getattr(module, name)
