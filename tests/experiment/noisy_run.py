"""An experiment on the noisy world, small enough to run many times."""

from __future__ import annotations

from typing import Any

from agentlab.experiment.config import Experiment

__all__ = ["brief_experiment", "noisy_experiment"]


def noisy_experiment(**changes: Any) -> Experiment:
    """Returns the experiment, with top-level keys changed."""
    return Experiment.model_validate(
        {
            "name": "noisy",
            "environment": "agentlab.testing.environments.noisy:NoisyEnvironment",
            "target": "agentlab/testing/environments/targets/noisy",
            "meta": ["mutation"],
            "objective": {"rule": {"max_blocks": 12, "worthwhile": 0.03}},
            "budget": {"candidates": 8},
            "measure": {"final_blocks": 5},
            "limits": {"wall_s": 5},
            "executor": {"kind": "inline"},
            "accept": ["cache"],
            **changes,
        }
    )


def brief_experiment(**changes: Any) -> Experiment:
    """Returns the same with a short final measurement, for what does not look at its numbers."""
    brief = {"measure": {"final_blocks": 1, "min_clusters": 2}}
    return noisy_experiment(**{**brief, **changes})
