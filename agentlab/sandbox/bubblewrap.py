"""Layer 1: bubblewrap with an allow-list of mounts, then Landlock and seccomp inside.

What is not listed here does not exist for a candidate: no site-packages, no home, no sockets of
Ray, no store, no other candidate's files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from agentlab.core.goal import Blob
from agentlab.sandbox.inside.landlock import landlock_abi
from agentlab.sandbox.interpreter import Interpreter, package_entries, top_level_modules
from agentlab.sandbox.plain import NOBODY
from agentlab.sandbox.zygote_sandbox import ENDPOINT_IMPORTS, INSIDE, Launch, ZygoteSandbox

__all__ = ["bubblewrap_command", "open_bubblewrap"]

_INSIDE, _EPISODE, _BLOBS = "/inside", "/episode", "/blobs"
_ARTEFACTS, _ARTEFACT = "/artefacts", "/artefact"
_PACKAGES = f"{_INSIDE}/packages"
_LIBRARIES = ("lib", "lib64", "lib32")


def open_bubblewrap(
    *,
    packages: Sequence[str] = (),
    blobs: Sequence[Blob] = (),
    artefacts: Path | None = None,
    interpreter: Interpreter | None = None,
    has_loopback: bool = False,
) -> ZygoteSandbox:
    """Opens a sandbox behind all walls.

    Args:
        packages: Distributions to show.
        blobs: Files to show.
        artefacts: Host folder of artefacts.
        interpreter: What runs candidates; by default what runs this process.
        has_loopback: Whether candidates may open sockets, in a network where nobody else is.

    Raises:
        InputError: a package is missing.
        InfraError: bubblewrap or a namespace is refused here; `probe` tells why.
    """
    interpreter = interpreter or Interpreter.of_this_process()
    entries = package_entries(packages)
    mounts = [
        *_mount_interpreter(interpreter),
        *_mount_inside(),
        *("--tmpfs", _PACKAGES),
        *(word for name in sorted(entries) for word in _show(entries[name], f"{_PACKAGES}/{name}")),
        *("--dir", _BLOBS),
        *(word for blob in blobs for word in _show(blob.path, f"{_BLOBS}/{blob.sha256}")),
        *(_show(artefacts, _ARTEFACTS) if artefacts else ("--dir", _ARTEFACTS)),
        *("--dir", _EPISODE, "--dir", _ARTEFACT, "--dir", "/tmp"),
        # Nothing that outlives an episode may be written to, also where there is no Landlock.
        *("--remount-ro", _PACKAGES, "--remount-ro", "/dev", "--remount-ro", "/"),
    ]
    settings = {
        "uid": NOBODY if os.geteuid() == 0 else None,
        "packages": _PACKAGES,
        "imports": [*top_level_modules(packages), *(ENDPOINT_IMPORTS if has_loopback else ())],
        "places": [_EPISODE, _BLOBS, _ARTEFACTS, _ARTEFACT],
        "is_isolated": True,
        "has_loopback": has_loopback,
    }
    layers = "bubblewrap" + ("+landlock" if landlock_abi() else "") + "+seccomp"
    layers += "+loopback" if has_loopback else ""
    prefix = (*bubblewrap_command(), *mounts, "--")
    python = str(interpreter.binary)
    launch = Launch(layers, True, prefix, python, _INSIDE, settings, tuple(packages))
    return ZygoteSandbox(launch)


def bubblewrap_command() -> list[str]:
    """Returns bubblewrap's words before any mount: namespaces, capabilities, devices."""
    words = [shutil.which("bwrap") or "bwrap"]
    words += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--hostname", "candidate"]
    words += ["--die-with-parent", "--new-session"]
    if os.geteuid() == 0:
        # Root needs no user namespace to mount what only root may read; the zygote becomes an
        # ordinary user as soon as the mounts stand.
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user"]
    return [*words, "--proc", "/proc", "--dev", "/dev"]


def _mount_interpreter(interpreter: Interpreter) -> list[str]:
    links: list[str] = []
    shown = [Path("/etc/ld.so.cache"), *interpreter.folders, interpreter.binary]
    for name in _LIBRARIES:
        library = Path("/", name)
        if library.is_symlink():
            links += ["--symlink", str(library.readlink()), str(library)]
        else:
            shown += _shared_objects(library)
        shown += _shared_objects(Path("/usr", name))
    words = [*_open_parents(shown), *links]
    for path in dict.fromkeys(shown):
        if path.exists():
            words += _show(interpreter.replaced.get(path, path), str(path))
    for hidden in interpreter.hidden:
        words += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    return words


def _mount_inside() -> list[str]:
    places = {Path(_INSIDE, name): source for name, source in INSIDE.items()}
    words = _open_parents(places)
    for place, source in places.items():
        words += _show(source, str(place))
    return words


def _shared_objects(library: Path) -> list[Path]:
    """Returns the loader and the machine's shared objects, not what else lies under /usr/lib."""
    if not library.is_dir():
        return []
    return sorted(
        entry for entry in library.iterdir() if "-linux-" in entry.name or ".so" in entry.name
    )


def _open_parents(paths: Iterable[Path]) -> list[str]:
    """Makes the folders above mounts: bubblewrap's own would be closed to an ordinary user."""
    parents = {parent for path in paths for parent in path.parents if parent != Path("/")}
    return [word for parent in sorted(parents) for word in ("--dir", str(parent))]


def _show(path: Path, place: str) -> tuple[str, str, str]:
    return ("--ro-bind", str(path), place)
