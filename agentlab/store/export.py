"""Trials and decisions as text that other programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from agentlab.core.value import Value

__all__ = ["to_csv", "to_jsonl"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def to_jsonl(values: Iterable[Value]) -> Iterator[str]:
    """Yields one line of JSON per value, with everything it holds."""
    for value in values:
        yield json.dumps(value.model_dump(mode="json")) + "\n"


def to_csv(values: Sequence[Value]) -> Iterator[str]:
    """Yields a header and one line per value, `outer.inner` for what is nested, JSON for lists.

    Text that a spreadsheet would calculate is prefixed with an apostrophe; numbers stay numbers.
    Lines end with CR LF, as RFC 4180 has it: write them to a file opened with `newline=""`.
    """
    rows = [dict(_flat("", value.model_dump(mode="json"))) for value in values]
    names = list(dict.fromkeys(name for row in rows for name in row))
    # Where one value has nothing and the next has parts, the parts are the columns.
    outer = {
        name.rsplit(".", depth)[0] for name in names for depth in range(1, name.count(".") + 1)
    }
    columns = [name for name in names if name not in outer]
    if columns:
        yield _line(columns)
    for row in rows:
        yield _line([row.get(column) for column in columns])


def _flat(prefix: str, content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", json.dumps(value) if isinstance(value, list) else value


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Half of a surrogate pair, which a candidate may print, is no text in any encoding.
    text = value.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
