"""The running interpreter's standard library as documents and queries, made once and kept.

A function's first docstring paragraph is the query, its code without the docstring what answers it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from agentlab.core.value import digest
from agentlab.retrieval.cache_folder import cache_folder
from agentlab.retrieval.collection import Collection, Document, Query

from .functions import Function, functions_of, without_name
from .spoken import spoken_here

__all__ = ["library_collection", "library_folder", "library_functions"]

_SKIPPED = frozenset(
    {"test", "tests", "idle_test", "idlelib", "lib2to3", "site-packages", "dist-packages"}
)
_MAKERS = ("functions.py", "spoken.py", "standard_library.py")


def library_folder() -> Path:
    """Returns where this interpreter's library lies, outside of any virtual environment."""
    base = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    return Path(sysconfig.get_path("stdlib", vars=base))


def library_functions(folder: Path) -> Iterator[Function]:
    """Yields the functions of all modules below a folder, without tests, idlelib and lib2to3."""
    for file in _modules(folder):
        parts = file.relative_to(folder).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        try:
            yield from functions_of(module, file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            # A template, or a file for another version: no module of this interpreter.
            continue


def _modules(folder: Path) -> list[Path]:
    return sorted(
        file for file in folder.rglob("*.py") if not _SKIPPED & set(file.relative_to(folder).parts)
    )


def library_collection(*, has_names: bool, cache: Path | None = None) -> Collection:
    """Returns this interpreter's library; made in some seconds, and later read from the cache.

    Ids say nothing that the texts do not: a document's is a hash of what is shown of it, a query's
    of its words. A document that nobody asks for is there to be mistaken for others.

    Args:
        has_names: Whether documents tell the names of functions and their modules.
        cache: Where it is kept; by default in the user's cache folder.
    """
    folder = cache_folder("code_search") if cache is None else cache
    file = folder / f"{_key(has_names)}.json.gz"
    if not file.is_file():
        _write(file, _rows(has_names))
    content = file.read_bytes()
    rows = json.loads(gzip.decompress(content))
    corpus = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    return Collection(
        name="standard_library",
        documents=tuple(Document(**row) for row in rows["documents"]),
        queries=tuple(Query(**row) for row in rows["queries"]),
        fingerprint={"corpus": corpus, "python": sys.version},
    )


def _key(has_names: bool) -> str:
    """Returns what the corpus depends on: interpreter, its files, and the code that reads them."""
    folder = library_folder()
    files = [(str(file), *_stamp(file)) for file in _modules(folder)]
    makers = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _MAKERS]
    return digest([sys.version, files, makers, has_names])


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns


def _rows(has_names: bool) -> dict[str, list[dict[str, object]]]:
    functions = _distinct(library_functions(library_folder()))
    spoken = spoken_here()
    documents: dict[str, dict[str, object]] = {}
    queries: list[dict[str, object]] = []
    for function in functions:
        document = _document(function, has_names)
        name = str(document["id"])
        if name in documents:
            continue
        documents[name] = document
        if not spoken.has(function.name, function.said):
            said = function.said
            queries.append({"id": f"q{_short(said)}", "text": said, "gold": {name: 1}})
    return {"documents": list(documents.values()), "queries": queries}


def _distinct(functions: Iterator[Function]) -> Sequence[Function]:
    """Returns the functions but for those that say, in other cases or signs, what another said."""
    firsts: dict[str, Function] = {}
    for function in functions:
        firsts.setdefault("".join(filter(str.isalnum, function.said.lower())), function)
    return list(firsts.values())


def _document(function: Function, has_names: bool) -> dict[str, object]:
    # The module is what is held out together, told to nobody where names are hidden.
    row = {
        "name": function.name if has_names else "",
        "text": function.code if has_names else without_name(function),
        "group": function.module,
    }
    shown = [row["name"], row["text"], function.module if has_names else ""]
    return {"id": f"f{_short(digest(shown))}", **row}


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _write(file: Path, rows: dict[str, list[dict[str, object]]]) -> None:
    """Writes the file whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=file.parent, prefix=".partial-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(gzip.compress(json.dumps(rows).encode(), mtime=0))
        Path(partial).replace(file)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
