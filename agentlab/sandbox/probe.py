"""What walls this machine gives, tried and not guessed."""

from __future__ import annotations

import functools
import os
import platform
import shutil
from pathlib import Path
from typing import NamedTuple

from agentlab.core.limits import Limits
from agentlab.errors import InfraError
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.inside.landlock import landlock_abi

__all__ = ["SandboxReport", "probe"]


class SandboxReport(NamedTuple):
    """What the probe found."""

    is_isolated: bool
    """Whether candidates can be kept from the rest of the machine."""

    layers: str
    """What `auto` would use."""

    reason: str
    """Why not more, empty where nothing is missing."""

    remedy: str
    """The command that gives a better layer, empty where there is none."""

    landlock_abi: int


@functools.cache
def probe() -> SandboxReport:
    """Starts one candidate behind all walls and reports whether it ran."""
    abi = landlock_abi() if platform.system() == "Linux" else 0
    if platform.system() != "Linux":
        return _plain("namespaces exist on Linux only", "", abi)
    if shutil.which("bwrap") is None:
        return _plain("bubblewrap is not installed", _install_command(), abi)
    try:
        sandbox = open_bubblewrap(packages=(), blobs=(), artefacts=None)
    except InfraError as error:
        return _plain(str(error), _namespace_remedy(), abi)
    try:
        ended = sandbox.start(Limits()).end()
        if ended.broken:
            return _plain(f"namespaces are refused: {ended.broken}", _namespace_remedy(), abi)
        return SandboxReport(True, sandbox.layers, "", "", abi)
    finally:
        sandbox.close()


def _plain(reason: str, remedy: str, abi: int) -> SandboxReport:
    return SandboxReport(False, "plain", reason, remedy, abi)


def _install_command() -> str:
    for manager, command in (
        ("apt-get", "apt-get install -y bubblewrap"),
        ("dnf", "dnf install -y bubblewrap"),
        ("pacman", "pacman -S bubblewrap"),
        ("apk", "apk add bubblewrap"),
    ):
        if shutil.which(manager):
            return command if os.geteuid() == 0 else f"sudo {command}"
    return "install bubblewrap (https://github.com/containers/bubblewrap)"


def _namespace_remedy() -> str:
    """Returns the setting that keeps user namespaces away, where one is known."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    for setting, value in (
        ("kernel/apparmor_restrict_unprivileged_userns", "0"),
        ("kernel/unprivileged_userns_clone", "1"),
    ):
        file = Path("/proc/sys") / setting
        if file.is_file() and file.read_text().strip() != value:
            return f"{sudo}sysctl -w {setting.replace('/', '.')}={value}"
    limit = Path("/proc/sys/user/max_user_namespaces")
    if limit.is_file() and limit.read_text().strip() == "0":
        return f"{sudo}sysctl -w user.max_user_namespaces=10000"
    return ""
