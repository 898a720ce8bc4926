"""What a candidate must be before it costs a trial. Nothing of it is executed here."""

from __future__ import annotations

import ast
import functools
import sys
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import PurePosixPath

from agentlab.core.candidate import Candidate, Files, TargetSpec
from agentlab.errors import CandidateError

__all__ = [
    "MAX_FILE_BYTES",
    "check_candidate",
    "content_problem",
    "entry_problems",
    "path_problem",
]

MAX_FILE_BYTES = 200_000
"""Of an editable file."""


def check_candidate(candidate: Candidate, baseline: Candidate, target: TargetSpec) -> None:
    """Checks files, syntax, entry and imports against the target as it came.

    Raises:
        CandidateError: with every problem found.
    """
    problems = [
        *_frozen(candidate, baseline, target),
        *(problem for path in sorted(candidate.files) for problem in _path(path)),
        *_folders(candidate),
        *_planted(candidate, baseline),
        *_sources(candidate, baseline, target),
        *entry_problems(candidate, target.entry),
        *(entry_problems(candidate, target.prepare) if target.prepare else ()),
    ]
    if problems:
        raise CandidateError(*problems)


def _frozen(candidate: Candidate, baseline: Candidate, target: TargetSpec) -> Iterator[str]:
    for path in sorted(candidate.files.keys() | baseline.files.keys()):
        if candidate.files.get(path) != baseline.files.get(path) and not target.is_editable(path):
            is_in_both = path in candidate.files and path in baseline.files
            what = "changed" if is_in_both else "added or removed"
            yield f"{path}: {what}, but {target.refusal(path)}"


def _path(path: str) -> Iterator[str]:
    parts = PurePosixPath(path).parts
    is_plain = (
        path.isprintable()
        and "\\" not in path
        and len(path) <= 200
        and bool(parts)
        and parts[0] != "/"
        and not {"..", ".git"} & {part.lower() for part in parts}
        and str(PurePosixPath(path)) == path
    )
    if not is_plain:
        yield f"{path!r}: not a plain relative path"


_STARTERS = ("sitecustomize", "usercustomize", "conftest", "pytest_plugins", "__pycache__")
_STARTER_ENDINGS = (".pth", ".egg-link", ".pyc", ".pyo", ".so", ".pyd")

_NETWORK = frozenset(
    (
        "ftplib", "http.client", "http.server", "imaplib", "nntplib", "poplib", "smtplib",
        "socket", "socketserver", "ssl", "telnetlib", "urllib.request", "webbrowser",
        "xmlrpc.client", "xmlrpc.server",
    )
)  # fmt: skip
"""What nothing but a network is for."""


def path_problem(path: str, files: Files, target: TargetSpec) -> str | None:
    """Returns why a file may not be written among others, or None where it may.

    Args:
        path: Of the file.
        files: Those that are there.
        target: What may be edited.
    """
    if any(_path(path)):
        return "not a plain relative path"
    if not target.is_editable(path):
        return target.refusal(path)
    if path in files:
        return None
    if (starter := _starter(path)) is not None:
        return starter
    return next(_folders(Candidate(files={**files, path: b""})), None)


def content_problem(text: str) -> str | None:
    """Returns why a text may not be a file's content, or None where it may."""
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        return "holds lone surrogates, which are no text"
    if len(content) > MAX_FILE_BYTES:
        return f"{len(content)} bytes, more than {MAX_FILE_BYTES}"
    return "binary: it holds NUL" if b"\0" in content else None


def _planted(candidate: Candidate, baseline: Candidate) -> Iterator[str]:
    """Yields the files that an interpreter or a tool would start by itself, or read as its own."""
    for path in sorted(candidate.files.keys() - baseline.files.keys()):
        if (starter := _starter(path)) is not None:
            yield f"{path}: {starter}"


def _starter(path: str) -> str | None:
    parts = PurePosixPath(path.lower()).parts
    first = parts[0].removesuffix(".py")
    if any(part.removesuffix(".py") in _STARTERS for part in parts):
        return "an interpreter or a tool would start it by itself"
    if path.lower().endswith(_STARTER_ENDINGS) or parts[-1].startswith("."):
        return "a file that tools read by themselves"
    if first in sys.stdlib_module_names and path.lower().endswith(".py"):
        return f"would stand before the standard library's '{first}'"
    return None


def _folders(candidate: Candidate) -> Iterator[str]:
    folders = {
        parent.as_posix() for path in candidate.files for parent in PurePosixPath(path).parents
    }
    for path in sorted(folders & candidate.files.keys()):
        yield f"{path}: is a file and a folder"


def _sources(candidate: Candidate, baseline: Candidate, target: TargetSpec) -> Iterator[str]:
    own = {path.split("/")[0].removesuffix(".py") for path in candidate.files}
    allowed = sys.stdlib_module_names | own | _modules_of(target)
    for path, content in sorted(candidate.files.items()):
        is_changed = content != baseline.files.get(path)
        if is_changed and len(content) > MAX_FILE_BYTES:
            yield f"{path}: {len(content)} bytes, more than {MAX_FILE_BYTES}"
        elif path.endswith(".py"):
            tree = _parse(content)
            if isinstance(tree, str):
                yield f"{path}: {tree}"
            elif is_changed:
                had = _network(baseline.files.get(path, b""))
                yield from (f"{path}: {problem}" for problem in _imports(tree, allowed))
                for name in sorted(_network(content) - had):
                    yield f"{path}: imports '{name}', and there is no network"


@functools.lru_cache(maxsize=64)
def _parse(content: bytes) -> ast.Module | str:
    """Returns the tree, which is read only, or what is wrong with the source."""
    try:
        with warnings.catch_warnings():
            # A doubtful escape is the target's own business, not a line on our terminal.
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) else ""
        return f"does not parse: {error.args[0] if error.args else error}{line}"


@functools.lru_cache(maxsize=64)
def _network(content: bytes) -> frozenset[str]:
    """Returns what a source imports that nothing but a network is for."""
    tree = _parse(content)
    if isinstance(tree, str):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names & _NETWORK)


def _imports(tree: ast.Module, allowed: frozenset[str] | set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in allowed:
                yield f"imports '{name}' (line {node.lineno}), which the target does not declare"


def _modules_of(target: TargetSpec) -> set[str]:
    if not target.packages:
        return set()
    declared = {package.lower().replace("_", "-") for package in target.packages}
    return {
        module
        for module, owners in metadata.packages_distributions().items()
        if declared & {owner.lower().replace("_", "-") for owner in owners}
    }


def entry_problems(candidate: Candidate, entry: str) -> Iterator[str]:
    """Yields why `file.py:function` is nothing that can be called in a candidate."""
    path, _, name = entry.partition(":")
    if path not in candidate.files:
        yield f"{path}: is missing, but holds the entry {entry}"
        return
    tree = _parse(candidate.files[path])
    if isinstance(tree, ast.Module) and name not in _defined(tree):
        yield f"{path}: defines no '{name}', the entry"


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names
