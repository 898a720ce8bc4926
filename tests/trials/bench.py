"""A bench on the noisy world, and candidates of every kind."""

from __future__ import annotations

from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.task import Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.testing.environments import noisy

__all__ = ["GOOD", "bench", "body", "pair", "trial"]

GOOD = Candidate(
    files={"agent.py": (Path(noisy.__file__).parent / "targets/noisy/agent.py").read_bytes()}
)


def bench(*, wall_s: float = 3.0, mem_mb: int = 256) -> Bench:
    """Returns the noisy world under short limits."""
    return Bench(
        environment=EnvironmentSpec(
            reference="agentlab.testing.environments.noisy:NoisyEnvironment"
        ),
        target=TargetSpec(),
        limits=Limits(wall_s=wall_s, mem_mb=mem_mb),
    )


def body(source: str) -> Candidate:
    """Returns a candidate whose solve() is this."""
    lines = "".join(f"    {line}\n" for line in source.splitlines())
    return Candidate(files={"agent.py": f"def solve(goal, tools):\n{lines}".encode()})


def pair(seed: int = 0) -> Pair:
    """Returns a pair of the noisy world."""
    return Pair(task=Task(id="open-0", group="open"), seed=seed, split="train", cluster=f"#{seed}")


def trial(candidate: Candidate, seed: int = 0, bench_digest: str = "b") -> Trial:
    """Returns a trial of a candidate."""
    return Trial(bench=bench_digest, candidate=candidate.digest, pair=pair(seed))
