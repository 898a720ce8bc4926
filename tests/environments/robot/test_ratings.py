"""What persons and models said of a trajectory joins its outcome, under a name that says so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from agentlab.errors import InputError
from tests.environments.robot.world import part


def world(path: Path | None = None) -> Any:
    ratings = str(path) if path is not None else None
    return part("environment").RobotEnvironment(["place"], ratings=ratings)


def played(environment: Any, seed: int = 0) -> Any:
    return part("rollout").rollout(
        part("expert").solve, "place", "train", seed, environment=environment
    )


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "ratings.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def address(rollout: Any) -> str:
    """Returns what `sha256sum trajectory.npy` prints of the file that is kept as evidence."""
    return hashlib.sha256(part("filming").trajectory_file(rollout.recording)).hexdigest()


def test_a_rating_joins_the_trajectory_that_was_seen_and_no_other(tmp_path: Path) -> None:
    seen = address(played(world()))
    rated = world(
        written(
            tmp_path,
            {"trajectory": seen, "rating": 0.5, "by": "person", "name": "a"},
            {"trajectory": seen, "rating": 1.0, "by": "person", "name": "b"},
            {"trajectory": seen, "rating": 0.2, "by": "model"},
        )
    )
    metrics = played(rated).outcome.metrics
    assert (metrics["rating_by_person"], metrics["rating_by_model"]) == (0.75, 0.2)
    assert not {"rating_by_person", "rating_by_model"} & set(played(rated, 1).outcome.metrics)


def test_it_is_declared_and_in_the_fingerprint_where_a_file_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, {"trajectory": "0" * 64, "rating": 0.5, "by": "model"})
    names = {metric.name for metric in world(path).traits.metrics}
    assert names - {metric.name for metric in world().traits.metrics} == {
        "rating_by_person",
        "rating_by_model",
    }
    assert "ratings.jsonl:sha256" in world(path).fingerprint()
    assert world(path).fingerprint().items() > world().fingerprint().items()


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"rating": 1.5}, "rating"), ({"by": "dog"}, "by"), ({"trajectory": "x"}, "trajectory")],
)
def test_a_bad_line_is_told_with_its_number(
    changed: dict[str, Any], words: str, tmp_path: Path
) -> None:
    row = {"trajectory": "0" * 64, "rating": 0.5, "by": "model", **changed}
    with pytest.raises(InputError, match=rf"ratings.jsonl:1: .*{words}"):
        world(written(tmp_path, row))
