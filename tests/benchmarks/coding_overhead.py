"""What a coding agent's proposal costs beside its model, and how well proposals go side by side.

    python -m tests.benchmarks.coding_overhead

A peer in another process answers each question after 0.2 s. A proposal is seven turns: it reads,
searches, edits, looks at its diff, notes, edits again and submits. The log that its brief is made
of holds forty proposals. CPU is that of this process: brief, graph, checkpoints, tools, and the
way to the gateway, which is a process of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.llm.prices import Price
from agentlab.llm.process import GatewayProcess
from agentlab.llm.remote import RemoteGateway
from agentlab.llm.setup import ModelSetup
from agentlab.meta.coding.agent import CodingAgent, CodingSettings
from agentlab.search.lab import RunLab
from agentlab.testing.model_peer import ModelPeer, PeerReply, PeerRequest, calls_tool

LATENCY_S = 0.2
SIDE_BY_SIDE = 8
_TASKS = 12
_PAST = 40
_ROOT = Path(__file__).parents[2]


class Measured(NamedTuple):
    """What was measured."""

    cpu_ms: float
    """Own CPU of one proposal, milliseconds, at the median."""

    alone_s: float
    """Wall time of one proposal by itself, seconds."""

    together_s: float
    """Wall time of all side by side, seconds."""

    @property
    def speed_up(self) -> float:
        """Throughput side by side, as a multiple of one after the other."""
        return SIDE_BY_SIDE * self.alone_s / self.together_s


def _brain(request: PeerRequest) -> PeerReply:
    turn: int = sum(message["role"] == "assistant" for message in request.body["messages"])
    new = f"# {request.body.get('seed')}\n"
    replies = [
        calls_tool("read_file", {"path": "agent.py"}),
        calls_tool("search", {"text": "def "}),
        calls_tool("edit_file", {"path": "notes.py", "new": new}),
        calls_tool("show_diff", {}),
        calls_tool("note", {"text": "a lesson"}),
        calls_tool("edit_file", {"path": "notes.py", "new": new * 2}),
        calls_tool("submit", {"title": "one", "hypothesis": "it helps"}),
    ]
    return replies[turn]._replace(after_s=LATENCY_S)


def _serve(channel: Connection) -> None:
    with ModelPeer(_brain) as peer:
        channel.send(peer.url)
        channel.recv()


@contextmanager
def _peer() -> Iterator[str]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join()


def _lab() -> tuple[RunLab, Candidate]:
    """Returns a lab with a log, and its incumbent: the robot's controller."""
    folder = _ROOT / "environments/robot/target"
    files = {path.name: path.read_bytes() for path in folder.glob("*.py")}
    baseline = Candidate(files=files)
    known = {baseline.digest: baseline}
    lab = RunLab(
        target=TargetSpec(),
        objective=Objective(),
        baseline=baseline,
        candidate=known.__getitem__,
    )
    lab.add_train_records(_records(baseline, 0))
    for number in range(1, _PAST + 1):
        made = Candidate(
            files={**files, "extra.py": b"X = %d\n" % number},
            parent=baseline.digest,
            hypothesis="it holds the box lower, so it slips less",
            source="coding",
            label=f"peer: try {number}",
        )
        known[made.digest] = made
        lab.add_proposed([made])
        lab.add_train_records(_records(made, number))
        lab.add_decisions([_decision(number, made, baseline)])
    return lab, baseline


def _records(candidate: Candidate, number: int) -> list[TrialRecord]:
    return [
        TrialRecord(
            key=f"{candidate.digest[:20]}{task:06d}{seed:06d}",
            bench="",
            candidate=candidate.digest,
            task=f"scene-{task}",
            split="train",
            seed=seed,
            fate=Fate.SOLVED if (task + seed + number) % 3 else Fate.FAILED,
            outcome=Outcome(success=float((task + seed + number) % 3 > 0)),
        )
        for task in range(_TASKS)
        for seed in range(3)
    ]


def _decision(number: int, made: Candidate, baseline: Candidate) -> Decision:
    return Decision(
        number=number,
        candidate=made.digest,
        incumbent=baseline.digest,
        source="coding",
        label=made.label,
        verdict=Verdict.DISCARDED,
        stage="halving",
        reason="no better than the incumbent on train tasks (+0.000)",
        cause="no better",
    )


def measure(rounds: int = 5) -> Measured:
    """Measures so many rounds, after one to warm up, and returns the medians."""
    lab, incumbent = _lab()
    prices = {"peer": Price(prompt=1, completion=1)}
    cpu_s, alone_s, together_s = [], [], []
    with _peer() as url, tempfile.TemporaryDirectory() as folder:
        gateway = GatewayProcess(ModelSetup(url=url, prices=prices), folder=Path(folder) / "calls")
        agent = CodingAgent(
            RemoteGateway(gateway.address),
            CodingSettings(models=("peer",)),
            checkpoints=Path(folder) / "checkpoints",
        )
        with closing(gateway), closing(agent):
            for number in range(rounds + 1):
                seeds = (1000 * number, 1000 * number + 500)
                before = time.perf_counter(), time.process_time()
                assert len(agent.propose(lab, [incumbent], count=1, seed=seeds[0])) == 1
                between = time.perf_counter(), time.process_time()
                made = agent.propose(lab, [incumbent], count=SIDE_BY_SIDE, seed=seeds[1])
                assert len(made) == SIDE_BY_SIDE
                after = time.perf_counter(), time.process_time()
                if number:
                    alone_s.append(between[0] - before[0])
                    together_s.append(after[0] - between[0])
                    cpu_s.append((after[1] - before[1]) / (SIDE_BY_SIDE + 1))
    return Measured(
        1000 * statistics.median(cpu_s), statistics.median(alone_s), statistics.median(together_s)
    )


def main() -> None:
    """Prints what was measured."""
    found = measure()
    shown = {**found._asdict(), "speed_up": found.speed_up}
    print(json.dumps({name: round(value, 2) for name, value in shown.items()}, indent=1))


if __name__ == "__main__":
    main()
