"""What persons or models said of trajectories: joined to an outcome, never measured."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from agentlab.core.environment import Metric
from agentlab.data_file import read_jsonl

if TYPE_CHECKING:
    from .recording import Recording

__all__ = ["RATED", "Rating", "Ratings"]

By = Literal["person", "model"]

RATED: Mapping[By, Metric] = {
    "person": Metric(
        name="rating_by_person",
        direction="higher",
        description="What persons said of this trajectory, 0 to 1; none where nobody did.",
    ),
    "model": Metric(
        name="rating_by_model",
        direction="higher",
        description="What models said of this trajectory, 0 to 1; none where none did.",
    ),
}


class Rating(BaseModel):
    """A line of a file of ratings."""

    trajectory: str = Field(pattern="^[0-9a-f]{64}$")
    """SHA-256 of the `trajectory.npy` that lies beside the pictures which were looked at."""

    rating: float = Field(ge=0, le=1)
    """1 is best."""

    by: By
    """Who says so; the two are never mixed."""

    name: str = ""
    """Which person or model."""


class Ratings:
    """The ratings of a file, by trajectory."""

    def __init__(self, path: Path | str) -> None:
        """Reads the file.

        Raises:
            InputError: a line is not a rating.
        """
        read = read_jsonl(path, Rating)
        self.fingerprint = read.fingerprint
        self._of: dict[str, list[Rating]] = {}
        for row in read.rows:
            self._of.setdefault(row.trajectory, []).append(row)

    def metrics(self, recording: Recording) -> dict[str, float]:
        """Returns the mean of what each kind said of a trajectory; nothing where nobody did.

        The same motion has the same rating, whichever candidate makes it.
        """
        from .filming import trajectory_file

        trajectory = hashlib.sha256(trajectory_file(recording)).hexdigest()
        found: Sequence[Rating] = self._of.get(trajectory, ())
        said = {by: [row.rating for row in found if row.by == by] for by in RATED}
        return {RATED[by].name: round(fmean(ratings), 4) for by, ratings in said.items() if ratings}
