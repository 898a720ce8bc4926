"""Layer 1: bubblewrap with an allow-list of mounts, then Landlock and seccomp inside.

What is not listed here does not exist for a candidate: no site-packages, no home, no sockets of
Ray, no store, no other candidate's files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from agentlab.core.goal import Blob
from agentlab.sandbox.inside.landlock import landlock_abi
from agentlab.sandbox.interpreter import Interpreter, package_entries, top_level_modules
from agentlab.sandbox.plain import NOBODY
from agentlab.sandbox.zygote_sandbox import Launch, ZygoteSandbox, inside_folder

__all__ = ["bubblewrap_command", "open_bubblewrap"]

_INSIDE, _EPISODE, _BLOBS = "/inside", "/episode", "/blobs"
_ARTEFACTS, _ARTEFACT = "/artefacts", "/artefact"
_LIBRARIES = ("lib", "lib64", "lib32")


def open_bubblewrap(
    *, packages: Sequence[str], blobs: Sequence[Blob], artefacts: Path | None
) -> ZygoteSandbox:
    """Opens a sandbox behind all walls.

    Raises:
        InfraError: bubblewrap or a namespace is refused here; `probe` tells why.
    """
    interpreter = Interpreter.of_this_process()
    inside = inside_folder()
    mounts = [
        *_open_parents([*interpreter.folders, interpreter.binary]),
        *_mount_interpreter(interpreter),
        *("--ro-bind", str(inside), _INSIDE),
        *_mount_packages(package_entries(packages)),
        *("--dir", _BLOBS),
        *(word for blob in blobs for word in ("--ro-bind", str(blob.path), f"{_BLOBS}/{blob.sha256}")),
        *(("--ro-bind", str(artefacts), _ARTEFACTS) if artefacts else ("--dir", _ARTEFACTS)),
        *("--dir", _EPISODE, "--dir", _ARTEFACT),
    ]
    settings = {
        "uid": NOBODY if os.geteuid() == 0 else None,
        "packages": f"{_INSIDE}/packages",
        "imports": top_level_modules(packages),
        "places": [_EPISODE, _BLOBS, _ARTEFACTS, _ARTEFACT],
        "is_isolated": True,
    }
    layers = "bubblewrap" + ("+landlock" if landlock_abi() else "") + "+seccomp"
    launch = Launch(
        layers,
        True,
        (*bubblewrap_command(), *mounts, "--"),
        str(interpreter.binary),
        _INSIDE,
        settings,
    )
    return ZygoteSandbox(launch, [inside])


def bubblewrap_command() -> list[str]:
    """Returns bubblewrap's words before any mount: namespaces, capabilities, devices."""
    words = [shutil.which("bwrap") or "bwrap"]
    words += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:
        # Root needs no user namespace to mount what only root may read; the zygote becomes an
        # ordinary user as soon as the mounts stand.
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user"]
    return [*words, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]


def _open_parents(paths: Sequence[Path]) -> list[str]:
    """Makes the folders above mounts: bubblewrap's own would be closed to an ordinary user."""
    parents = {parent for path in paths for parent in path.parents if parent != Path("/")}
    return [word for parent in sorted(parents) for word in ("--dir", str(parent))]


def _mount_interpreter(interpreter: Interpreter) -> list[str]:
    words: list[str] = []
    for name in _LIBRARIES:
        library = Path("/", name)
        if library.is_symlink():
            words += ["--symlink", os.readlink(library), str(library)]
        for place in {Path("/usr", name), library} - ({library} if library.is_symlink() else set()):
            words += _mount_shared_objects(place)
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for place in interpreter.folders:
        words += ["--ro-bind", str(place), str(place)]
    for hidden in interpreter.hidden:
        words += ["--tmpfs", str(hidden)]
    return [*words, "--ro-bind", str(interpreter.binary), str(interpreter.binary)]


def _mount_shared_objects(library: Path) -> list[str]:
    """Shows the loader and the machine's shared objects, not what else lies under /usr/lib."""
    if not library.is_dir():
        return []
    shown = [entry for entry in library.iterdir() if "-linux-" in entry.name or ".so" in entry.name]
    return [word for entry in sorted(shown) for word in ("--ro-bind-try", str(entry), str(entry))]


def _mount_packages(entries: dict[str, Path]) -> list[str]:
    words = ["--tmpfs", f"{_INSIDE}/packages"]
    for name, path in sorted(entries.items()):
        words += ["--ro-bind", str(path), f"{_INSIDE}/packages/{name}"]
    return words
