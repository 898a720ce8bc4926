"""The walls around a coding agent: what of this machine it sees, and that it ends with us.

Its own user, process and IPC namespaces, a temporary home, the worktree, the system's programs and
the places that it is installed in, read-only. Not our package and its tasks, no run, no project.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.meta.command.keeper import kept
from agentlab.references import builtin_root

__all__ = ["HOME", "WORKTREE", "Desk", "places_of", "walled"]

WORKTREE, HOME = Path("/worktree"), Path("/home/agent")

_USER = 1000
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC = (
    "alternatives", "ca-certificates", "gai.conf", "hosts", "ld.so.cache", "ld.so.conf",
    "ld.so.conf.d", "localtime", "mime.types", "nsswitch.conf", "os-release", "pki", "protocols",
    "resolv.conf", "services", "ssl", "timezone",
)  # fmt: skip
"""What programs look up in /etc: names, certificates, libraries. Nothing of users."""

_PACKAGE = Path(__file__).resolve().parents[2]
_PASSWD = f"agent:x:{_USER}:{_USER}:agent:{HOME}:/bin/sh\n"
_GROUP = f"agent:x:{_USER}:\n"


class Desk(NamedTuple):
    """Folders of one attempt, on this machine."""

    worktree: Path
    home: Path
    users: Path
    """Files that stand for those of /etc in which users are listed."""

    @classmethod
    def below(cls, folder: Path) -> Desk:
        """Returns new folders below one that is there."""
        desk = cls(folder / "worktree", folder / "home", folder / "users")
        for place in desk:
            place.mkdir()
        (desk.users / "passwd").write_text(_PASSWD, encoding="ascii")
        (desk.users / "group").write_text(_GROUP, encoding="ascii")
        return desk


def walled(
    words: Sequence[str],
    desk: Desk,
    *,
    places: Sequence[Path],
    has_network: bool,
    is_isolated: bool,
) -> list[str]:
    """Returns the command that runs another one in its worktree; nothing outlives it.

    Args:
        words: The command.
        desk: Its folders.
        places: What else it may see, read-only.
        has_network: Whether it may use the network of this machine.
        is_isolated: Without, it is an ordinary process of yours.
    """
    if not is_isolated:
        return kept(words)
    shown = [*_links(places), *_read_only(places)]
    # Kept as well: bubblewrap itself may be gone before what it started is.
    return kept(
        [
            shutil.which("bwrap") or "bwrap",
            *("--unshare-user", "--uid", str(_USER), "--gid", str(_USER)),
            *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
            *(() if has_network else ("--unshare-net",)),
            *("--hostname", "worktree", "--die-with-parent", "--new-session"),
            *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
            *_system(),
            *shown,
            *(
                word
                for place in _hidden([Path("/usr"), *places])
                for word in ("--tmpfs", str(place))
            ),
            *("--ro-bind", str(desk.users / "passwd"), "/etc/passwd"),
            *("--ro-bind", str(desk.users / "group"), "/etc/group"),
            *("--bind", str(desk.worktree), str(WORKTREE), "--bind", str(desk.home), str(HOME)),
            *("--chdir", str(WORKTREE), "--"),
            *words,
        ]
    )


def places_of(program: Path) -> list[Path]:
    """Returns what a program is made of, as far as its installation shows it.

    The file, each link on the way to it, the virtual environment or the `node_modules` that it
    lies in, and the same of the interpreter that its first line names.
    """
    found: dict[Path, None] = {}
    hops = [program.absolute()]
    while hops[-1].is_symlink() and len(hops) < 20:
        hops.append(Path(os.path.normpath(hops[-1].parent / hops[-1].readlink())))
    for hop in (*hops, program.resolve()):
        found[hop] = None
        found |= dict.fromkeys(_homes_of(hop))
    interpreter = _interpreter_of(program)
    if interpreter is not None and interpreter not in found:
        found |= dict.fromkeys(places_of(interpreter))
    return [place for place in found if place.exists()]


def _homes_of(path: Path) -> Iterator[Path]:
    """Yields the folders that a program cannot do without."""
    above = path.parent.parent
    if "node_modules" in path.parts:
        yield Path(*path.parts[: path.parts.index("node_modules") + 1])
    if (above / "pyvenv.cfg").is_file():
        yield above
        yield from _bases_of(above / "bin/python")
    elif above != Path("/usr") and next(above.glob("lib/python3*/os.py"), None):
        yield above


def _bases_of(python: Path) -> Iterator[Path]:
    real = python.resolve()
    if real.is_file() and real.parent.parent != Path("/usr"):
        yield real.parent.parent


def _interpreter_of(program: Path) -> Path | None:
    try:
        with program.open("rb") as file:
            first = file.readline(4096)
    except OSError:
        return None
    words = first[2:].decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    if words and Path(words[0]).name == "env":
        names = [word for word in words[1:] if not word.startswith("-")]
        words = [shutil.which(names[0]) or ""] if names else []
    return Path(words[0]) if words and words[0] and Path(words[0]).is_file() else None


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _ETC:
        path = Path("/etc", name)
        if path.exists():
            yield from ("--ro-bind", str(path.resolve()), str(path))


def _links(places: Sequence[Path]) -> Iterator[str]:
    # As links, since programs look beside where they lead.
    for place in places:
        if place.is_symlink() and not _is_in_system(place):
            yield from ("--symlink", str(place.readlink()), str(place))


def _read_only(places: Sequence[Path]) -> Iterator[str]:
    for place in sorted(set(places)):
        if not place.is_symlink() and not _is_in_system(place):
            yield from ("--ro-bind", str(place), str(place))


def _is_in_system(place: Path) -> bool:
    return any(place.is_relative_to(Path("/", name)) for name in ("usr", *_SYSTEM))


def _hidden(shown: Sequence[Path]) -> Iterator[Path]:
    """Yields what lies in shown folders and is ours: the package, its tasks and their answers."""
    ours = [_PACKAGE, *(builtin_root() / name for name in ("environments", "tasks", "experiments"))]
    for place in ours:
        if place.is_dir() and any(place.is_relative_to(folder) for folder in shown):
            yield place
