"""Between values of the core and what is written of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import ItemOutcome
from agentlab.core.trial import TrialRecord
from agentlab.store.tables import CandidateRow, TrialRow

__all__ = ["candidate_of", "candidate_row", "record_of_row", "trial_row"]

_COLUMNS = {"key", "candidate", "kind", "split"}
_ABOUT = {"hypothesis", "source", "label", "provenance"}


def trial_row(run_id: int, record: TrialRecord) -> dict[str, Any]:
    """Returns the columns of a trial."""
    # What is at its default is not written, so a default of TrialRecord can only change together
    # with a migration that writes it out.
    content = record.model_dump(
        mode="json",
        exclude={**dict.fromkeys(_COLUMNS, True), "outcome": {"items"}},
        exclude_defaults=True,
    )
    return {
        "run_id": run_id,
        "key": bytes.fromhex(record.key),
        "candidate": bytes.fromhex(record.candidate),
        "kind": record.kind,
        "split": record.split,
        "record": _compact(content),
        "items": _pack(record.items) if record.items else None,
    }


def record_of_row(row: TrialRow) -> TrialRecord:
    """Returns the record that was written."""
    content = json.loads(row.record)
    if row.items is not None:
        content["outcome"]["items"] = _unpack(row.items)
    return TrialRecord(
        key=row.key.hex(),
        candidate=row.candidate.hex(),
        kind=row.kind,  # type: ignore[arg-type]  # validated here
        split=row.split,  # type: ignore[arg-type]
        **content,
    )


def candidate_row(
    run_id: int, position: int, candidate: Candidate, files: dict[str, str]
) -> CandidateRow:
    """Returns the row of a candidate whose contents are kept as blobs, by path, in `files`."""
    return CandidateRow(
        run_id=run_id,
        digest=bytes.fromhex(candidate.digest),
        position=position,
        parent=bytes.fromhex(candidate.parent) if candidate.parent else None,
        about=candidate.model_dump(include=_ABOUT),
        files=files,
    )


def candidate_of(row: CandidateRow, files: dict[str, bytes]) -> Candidate:
    """Returns the candidate that was written."""
    parent = row.parent.hex() if row.parent else None
    return Candidate.model_validate({**row.about, "parent": parent, "files": files})


def _pack(items: Sequence[ItemOutcome]) -> bytes:
    # Column by column: like beside like is what zlib is good at.
    names = sorted({name for item in items for name in item.metrics})
    columns = {
        "id": [item.id for item in items],
        "cluster": [item.cluster for item in items],
        "success": [item.success for item in items],
        "metrics": {name: [item.metrics.get(name) for item in items] for name in names},
    }
    return zlib.compress(_compact(columns).encode())


def _compact(content: dict[str, Any]) -> str:
    # ASCII: a candidate may print half of a surrogate pair, which no database takes as text.
    return json.dumps(content, separators=(",", ":"))


def _unpack(data: bytes) -> list[dict[str, Any]]:
    columns = json.loads(zlib.decompress(data))
    metrics: dict[str, list[float | None]] = columns.pop("metrics")
    items = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    for place, item in enumerate(items):
        given = {name: column[place] for name, column in metrics.items()}
        item["metrics"] = {name: value for name, value in given.items() if value is not None}
    return items
