"""A promotion written by hand."""

from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.promotion import (
    BenchmarkReport,
    Contender,
    Evidence,
    Finding,
    Promotion,
    Reason,
    Ruling,
)

__all__ = ["PROMOTION"]


def estimate(value: float, half: float) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half)


def evidence(answer: str) -> Evidence:
    return Evidence.model_validate({"answer": answer, "e_value": 7.5, "e_needed": 20})


PROMOTION = Promotion(
    version="0.1.0",
    decided_at="2026-01-02T03:04:05+00:00",
    policy="no_regression",
    winner=Contender(name="winner of a", digest="a" * 32, files={"agent.py": "1" * 64}),
    incumbent=Contender(name="folder \x1b[2Jb", digest="b" * 32, files={"agent.py": "2" * 64}),
    benchmarks=(
        BenchmarkReport(
            name="browser",
            file="browser.yaml",
            experiment="3" * 64,
            fingerprint={"python": "3.11.7"},
            folders={"target.path": "4" * 64},
            sandbox="plain",
            split="test",
            seeds={"one": (2, 5), "two": (8, 11)},
            blocks=2,
            trials=8,
            infra_trials=1,
            findings=(
                Finding(
                    metric="success",
                    margin=0.05,
                    winner=estimate(0.8, 0.1),
                    incumbent=estimate(0.5, 0.1),
                    improvement=estimate(0.3, 0.1),
                    clusters=4,
                    no_regression=evidence("yes"),
                    gain=evidence("open"),
                ),
                Finding(
                    metric="context_tokens",
                    margin=0.1,
                    winner=estimate(900, 50),
                    incumbent=estimate(1000, 50),
                    improvement=estimate(-0.2, 0.05),
                    clusters=4,
                    no_regression=evidence("no"),
                    gain=None,
                ),
            ),
        ),
    ),
    ruling=Ruling(
        verdict="refused",
        reasons=(Reason(benchmark="browser", metric="context_tokens", text="worse \x1b[2J"),),
    ),
)
