"""Where in its file stands what shows only when an experiment is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agentlab.errors import InputError
from agentlab.experiment.config import Experiment
from agentlab.experiment.document import Document, read_document

__all__ = ["told_with_places"]

_KEY = re.compile(r"([a-z_]+(?:\.\w+)*): ")


@contextmanager
def told_with_places(file: Path, overrides: Sequence[str] = ()) -> Iterator[None]:
    """Puts `file:line`, or the option, before each problem that begins with a key of the file.

    Args:
        file: The experiment's.
        overrides: `key.sub=value`, as it was loaded with.
    """
    try:
        yield
    except InputError as error:
        document = read_document(file.read_bytes(), str(file))
        for override in overrides:
            document.override(override)
        error.retell(lambda problem: _placed(problem, document))
        raise


def _placed(problem: str, document: Document) -> str:
    key = _KEY.match(problem)
    parts = key[1].split(".") if key else [""]
    if parts[0] not in Experiment.model_fields:
        return problem
    location = tuple(int(part) if part.isdigit() else part for part in parts)
    return f"{document.place(location)}: {problem}"
