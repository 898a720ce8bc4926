"""What every call cost, written down before it is made: a kill in between loses no money."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from agentlab.errors import InputError
from agentlab.llm.call import CallRecord
from agentlab.llm.purse import Spending

__all__ = ["CallLog", "spent_in"]


class CallLog:
    """Appends records to a file, a JSON object per line, on the disk before it returns.

    Args:
        path: The file; one process writes it at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._spent = spent_in(path)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        # A kill may have cut the last line; its call was not made, or stays begun.
        os.ftruncate(self._file, path.read_bytes().rfind(b"\n") + 1)

    @property
    def spent(self) -> Spending:
        """What earlier processes spent, as the file says."""
        return self._spent

    def __call__(self, record: CallRecord) -> None:
        """Appends a record."""
        os.write(self._file, record.model_dump_json().encode() + b"\n")
        os.fsync(self._file)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)


def spent_in(path: Path) -> Spending:
    """Returns what the calls of a file cost. One that was begun and has no end may have been paid.

    Raises:
        InputError: a line that is no record, other than the last one, which a kill may have cut.
    """
    spent, begun = Spending(), dict[int, CallRecord]()
    for record in _records(path):
        if record.state == "reserved":
            # A new process counts its calls from 1; what the one before left open stays lost.
            if record.number in begun:
                spent = spent.plus(_cost(begun[record.number]))
            begun[record.number] = record
        else:
            begun.pop(record.number, None)
            spent = spent.plus(_cost(record)) if record.is_spent else spent
    for record in begun.values():
        spent = spent.plus(_cost(record))
    return spent


def _cost(record: CallRecord) -> Spending:
    return Spending(record.cost_usd, record.prompt_tokens + record.completion_tokens)


def _records(path: Path) -> list[CallRecord]:
    lines = path.read_bytes().split(b"\n") if path.is_file() else []
    records: list[CallRecord] = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            records.append(CallRecord.model_validate_json(line))
        except ValidationError as error:
            if number < len(lines):
                raise InputError(f"{path}:{number}: no record of a call of a model") from error
    return records
