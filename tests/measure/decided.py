"""Decisions made by hand."""

from __future__ import annotations

from agentlab.core.decision import Decision, Estimate, Sample, Stage, Verdict

__all__ = ["decided", "estimate", "sampled"]


def estimate(value: float, half: float = 0.05) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half)


def sampled(mean: float, spread: float = 0.4, *, clusters: int = 100, blocks: int = 5) -> Sample:
    return Sample(
        metric="success",
        mean=mean,
        spread=spread,
        clusters=clusters,
        blocks=blocks,
        is_binary=False,
    )


def decided(
    number: int,
    verdict: Verdict = Verdict.DISCARDED,
    stage: Stage = "halving",
    *,
    reason: str = "no better than the incumbent on train tasks (-0.100)",
    tested: Sample | None = None,
    source: str = "mutation",
) -> Decision:
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent="c0",
        source=source,
        label=f"edit {number}",
        verdict=verdict,
        stage=stage,
        reason=reason,
        differences={"success": estimate(tested.mean)} if tested else {},
        tested=(tested,) if tested else (),
        pairs=tested.clusters if tested else 0,
    )
