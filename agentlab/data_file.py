"""Data of an environment, a JSON object per line: read whole and checked before anything starts."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from agentlab.errors import InputError, nearest

__all__ = ["DataFile", "read_jsonl"]

_MOST_KEYS = 3
"""So many keys of a bad line are told."""

_LONGEST_SHOWN = 60
_LONGEST_TOLD = 200
_BYTE_ORDER_MARK = "\ufeff"

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class DataFile(Generic[Row]):
    """The checked rows of a file, and what tells it from another version of itself."""

    name: str
    """The file's, without its folder."""

    rows: tuple[Row, ...]
    """One per line: `rows[0]` is line 1."""

    sha256: str
    """SHA-256 of the bytes as they are stored, hex; those of a `.gz` are the compressed ones."""

    version: str | None = None
    """As its publisher calls it."""

    @property
    def fingerprint(self) -> Mapping[str, str]:
        """What to merge into `Environment.fingerprint()`; for two of one name, prefix the keys."""
        about = {f"{self.name}:sha256": self.sha256}
        return about if self.version is None else {f"{self.name}:version": self.version, **about}


def read_jsonl(
    path: Path | str,
    model: type[Row],
    *,
    version: str | None = None,
    key: str | None = None,
    most_told: int = 5,
) -> DataFile[Row]:
    """Returns the rows of a `.jsonl` or `.jsonl.gz` file, each checked against a pydantic model.

    Read it in the constructor of an environment, so that a bad line ends a command before anything
    is measured. Types are checked strictly and unknown keys are errors, in nested models as well,
    unless the model's own `model_config` says otherwise by `strict` or `extra`.

    Args:
        path: The file: UTF-8, one JSON object per line, no empty lines.
        model: What a line must be.
        version: What its publisher calls this version.
        key: A field whose value no two lines may share.
        most_told: How many bad lines an error tells; of the others, their number.

    Raises:
        InputError: it cannot be read, or lines are bad: each with file, line and key.
    """
    file = Path(path)
    rows: list[Row] = []
    line_of: dict[Any, int] = {}  # Any: the key's own type
    problems: list[str] = []
    with _opened(file) as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        opened.seek(0)
        parse = _parser(model)
        for number, line in _numbered(file, opened):
            try:
                row = parse(line)
                if key is not None:
                    _require_unique(line_of, key, getattr(row, key), number)
                rows.append(row)
            except _BadLine as error:
                problems.append(f"{file}:{number}: {error}")
    if not rows and not problems:
        raise InputError(f"{file}: is empty; it must hold one JSON object per line")
    if problems:
        more = len(problems) - most_told
        others = (f"{file}: and {more:,} more bad {'lines' if more > 1 else 'line'}",)
        raise InputError(*problems[:most_told], *(others if more > 0 else ()))
    return DataFile(name=file.name, rows=tuple(rows), sha256=sha256, version=version)


class _BadLine(Exception):
    """What is wrong with a line, harmless to show."""


def _opened(file: Path) -> io.BufferedReader:
    if not file.name.endswith((".jsonl", ".jsonl.gz")):
        raise InputError(f"{file}: must be a .jsonl or .jsonl.gz file")
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _numbered(file: Path, opened: io.BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Yields each line with its number, from 1."""
    if not file.name.endswith(".gz"):
        yield from enumerate(opened, start=1)
        return
    number = 0
    try:
        for line in io.BufferedReader(gzip.GzipFile(fileobj=opened, mode="rb")):
            number += 1
            yield number, line
    except EOFError as error:
        raise InputError(
            f"{file}:{number + 1}: its gzip data end here, too early: the file was cut"
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{file}:{number + 1}: no gzip data from here on: the file is damaged, or no gzip"
        ) from error


def _parser(model: type[Row]) -> Callable[[bytes], Row]:
    """Returns what makes a row of a line, or raises `_BadLine`."""
    strict = None if "strict" in model.model_config else True
    extra: Literal["forbid"] | None = None if "extra" in model.model_config else "forbid"

    def parse(line: bytes) -> Row:
        text = _text(line)
        try:
            row = model.model_validate_json(text, strict=strict, extra=extra)
            _PLAIN_JSON.decode(text)
        except ValidationError as error:
            raise _BadLine("; ".join(_explain(error, model))) from error
        except ValueError as error:
            raise _BadLine(_cut(str(error), _LONGEST_TOLD)) from error
        return row

    return parse


def _text(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise _BadLine(
            f"is not UTF-8 (byte 0x{line[error.start]:02x} at column {error.start + 1})"
        ) from error
    if text.startswith(_BYTE_ORDER_MARK):
        raise _BadLine("begins with a byte order mark; save the file as UTF-8 without one")
    if not text.strip():
        raise _BadLine("is empty; each line must hold one JSON object")
    return text


def _require_distinct(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) == len({key for key, _ in pairs}):
        return
    ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
    raise _BadLine(f"{_cut(twice)}: is there more than once")


def _refuse_constant(name: str) -> None:
    raise _BadLine(f"holds {name}, which is no JSON")


_PLAIN_JSON = json.JSONDecoder(object_pairs_hook=_require_distinct, parse_constant=_refuse_constant)
"""Refuses what pydantic lets pass: of two equal keys the last would win, and NaN is no JSON."""


def _require_unique(line_of: dict[Any, int], key: str, value: Any, number: int) -> None:
    first = line_of.setdefault(value, number)
    if first != number:
        raise _BadLine(f"{key}: {_given(value)} is in line {first} already; each must be unique")


def _explain(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Yields what is wrong with each key of a line, the first few."""
    found = error.errors(include_url=False)
    for problem in found[:_MOST_KEYS]:
        place = _cut(".".join(str(part) for part in problem["loc"]))
        yield f"{place}: {_say(problem, model)}" if place else _say(problem, model)
    if len(found) > _MOST_KEYS:
        yield f"and {len(found) - _MOST_KEYS:,} more"


def _say(problem: Any, model: type[BaseModel]) -> str:  # Any: pydantic's own dictionary
    match problem["type"]:
        case "json_invalid":
            return f"is no JSON: {problem['ctx']['error'].replace('line 1 column', 'column')}"
        case "model_type":
            return "must be a JSON object"
        case "missing":
            return "is required"
        case "extra_forbidden" if len(problem["loc"]) == 1:
            known = [field.alias or name for name, field in model.model_fields.items()]
            hint = nearest(_cut(problem["loc"][0]), known)
            return f"unknown key{hint} (allowed: {', '.join(known)})"
        case "extra_forbidden":
            return "unknown key"
    message = problem["msg"].removeprefix("Value error, ").replace("Input should", "must")
    given = problem["input"]
    shown = "" if isinstance(given, dict | list) else f" (given: {_given(given)})"
    return _cut(message.replace("must be a valid", "must be a"), _LONGEST_TOLD) + shown


def _given(value: Any) -> str:
    return _cut(repr(value))


def _cut(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Returns the beginning of a text in which nothing is invisible."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut)
