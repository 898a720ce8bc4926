"""Prints what the robot's world costs beside its physics: a step, a reset, the wire, a second slot.

The controls that a controller gave are played again: by `mj_step` alone, and as the episode's own
steps, which also look. Both end in the same state, and both are timed in turns, by their thread's
processor time. Asked: a step at most 1.15 x the physics, 3,500 steps a second of processor time, a
reset right after an episode in 0.3 ms, a picture of the camera in 5 ms, a process that simulates in
65 MB, a step through wire and sandbox at most +60 % of both processors together, two slots at least
1.9 x one, and the same trajectory bit by bit wherever it runs. The start of a candidate, which an
episode costs besides, is told on a line of its own, and so is what two processes of physics alone
do beside one: more than this machine has, no executor can give.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.references import builtin_root
from agentlab.trials.executor import Executor, Finished
from agentlab.trials.inline import InlineExecutor
from agentlab.trials.ray_executor import RayExecutor
from agentlab.trials.worker import TrialWorker
from tests.environments.robot.world import FOLDER, environment, part

mujoco = part("physics").mujoco

_KINDS = {"place": "nominal", "place_over_wall": "wall", "noisy_late": "noise and delay"}
_FIELDS = ["tool", "grip", "box"]
_ROUNDS = 100
_TRIALS = 40
_RUNS = 3
_QUEUE = 100
"""Episodes for each slot."""
_EXPERT = -1
_STEPS = (40, 120)
"""Two lengths of an episode: what the longer one costs more is what its steps cost."""
_SEED = 4

CONTROLLER = Candidate(files={"agent.py": (FOLDER / "expert.py").read_bytes()})
"""Looks at every step, and acts on what it saw."""


def _looker(steps: int) -> Candidate:
    """Returns a candidate that does and sees so many steps, and thinks nothing."""
    source = f"""
def solve(goal, tools):
    for _ in range({steps}):
        tools.step(move=[0.0, 0.002, 0.001], fields={_FIELDS})
"""
    return Candidate(files={"agent.py": source.encode()})


class Script(NamedTuple):
    """What a controller did in one episode."""

    task: Task
    steps: list[dict[str, Any]]
    controls: list[Any]  # Any: arrays of MuJoCo's


class Cost(NamedTuple):
    """Processor time of one episode, seconds."""

    physics: float
    episode: float
    reset: float


def main() -> None:
    """Measures and prints."""
    print(f"mujoco {mujoco.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for kind, told in _KINDS.items():
        _tell(told, _script(kind))
    print(f"a picture of the camera {1e3 * _picture_s():.1f} ms (asked: 5)")
    for told, program in _PROGRAMS.items():
        print(f"memory of {told}: {_memory_mb(program):.0f} MB (asked: 65)")
    _tell_the_wire()
    one, two = (max(_rate(slots) for _ in range(_RUNS)) for slots in (1, 2))
    print(f"one slot {one:.1f} episodes/s, two {two:.1f}: {two / one:.2f} x (asked: 1.9)")
    one, two = (max(_rate_of_physics(processes) for _ in range(_RUNS)) for processes in (1, 2))
    print(f"physics alone, two processes beside one on this machine: {two / one:.2f} x")
    inline, ray = (_trajectory(kind) for kind in ("inline", "ray"))
    print(f"trajectory inline {inline}, on Ray {ray}: {'same' if inline == ray else 'DIFFERENT'}")


def _tell(told: str, script: Script) -> None:
    costs = _costs(script)
    physics, episode, reset = (min(column) for column in zip(*costs, strict=True))
    usual = statistics.median(cost.episode / cost.physics for cost in costs)
    print(
        f"{told:16} physics {1e6 * physics / len(script.steps):4.0f} us a step, env "
        f"{episode / physics:.3f} x (median {usual:.3f}, asked: 1.15), "
        f"{len(script.steps) / episode:,.0f} steps per CPU second (asked: 3,500), "
        f"reset {1e3 * reset:.2f} ms (asked: 0.3)"
    )


def _tell_the_wire() -> None:
    """Prints what a step costs through the wire, and an episode; both ways are timed in turns."""
    few, many = _STEPS
    candidates = {0: _looker(0), few: _looker(few), many: _looker(many), _EXPERT: CONTROLLER}
    here, wired = dict.fromkeys(candidates, math.inf), dict.fromkeys(candidates, math.inf)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(TrialWorker(_bench(), artefacts=Path(folder))) as worker,
    ):
        for _, (which, candidate) in itertools.product(range(_TRIALS), candidates.items()):
            here[which] = min(here[which], _in_process_s(candidate))
            wired[which] = min(wired[which], _through_the_wire_s(candidate, worker))
    here_s, wired_s = ((costs[many] - costs[few]) / (many - few) for costs in (here, wired))
    print(
        f"a step in this process {1e6 * here_s:.0f} us, through wire and sandbox "
        f"{1e6 * wired_s:.0f} us of both processors: {wired_s / here_s - 1:+.0%} (asked: +60 %)"
    )
    print(
        f"the expert's episode in this process {1e3 * here[_EXPERT]:.1f} ms, through wire and "
        f"sandbox {1e3 * wired[_EXPERT]:.1f} ms, of which {1e3 * wired[0]:.1f} ms start and end a "
        "candidate"
    )


def _script(kind: str) -> Script:
    """Returns what the expert does in the first task of a kind."""
    world = environment(kind)
    task = world.tasks("train")[0]
    episode = world.start(task, _SEED)
    steps, controls = [], []

    class Recorder:
        def observe(self, **arguments: Any) -> Any:
            return episode.observe(**arguments)

        def step(self, repeat: int = 1, **arguments: Any) -> Any:
            for _ in range(repeat):
                seen = episode.step(**arguments)
                steps.append({**arguments, "fields": _FIELDS})
                controls.append(episode._simulator.data.ctrl.copy())
            return seen

    part("expert").solve(episode.goal, Recorder())
    return Script(task, steps, controls)


def _costs(script: Script) -> list[Cost]:
    world = environment(str(script.task.inputs["kind"]))
    found = []
    for _ in range(_ROUNDS):
        with closing(world.start(script.task, _SEED)) as episode:
            found.append(_cost(episode, script))
    return found


def _cost(episode: Any, script: Script) -> Cost:
    simulator, instance = episode._simulator, episode.instance
    physics_s = _cpu_s(lambda: _play(simulator, script.controls))
    end = simulator.data.qpos.tobytes()
    simulator.reset(instance)
    episode_s = _cpu_s(lambda: _act(episode.step, script.steps))
    assert simulator.data.qpos.tobytes() == end
    return Cost(physics_s, episode_s, _cpu_s(lambda: simulator.reset(instance)))


def _picture_s() -> float:
    world = environment("sort_three")
    with closing(world.start(world.tasks("train")[0], _SEED)) as episode:
        return min(_cpu_s(lambda: episode.observe(["camera"])) for _ in range(_ROUNDS))


def _play(simulator: Any, controls: Sequence[Any]) -> None:
    model, data, ctrl, step = simulator.model, simulator.data, simulator.data.ctrl, mujoco.mj_step
    substeps = part("model").SUBSTEPS
    for control in controls:
        ctrl[:] = control
        step(model, data, substeps)


def _act(step: Callable[..., Any], steps: Sequence[dict[str, Any]]) -> None:
    for arguments in steps:
        step(**arguments)


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


_PROGRAMS = {
    "a process that simulates": """
from environments.robot.instance import Box, Instance, Place
from environments.robot.simulator import STILL, Simulator
instance = Instance((Box(0.5, 0.15, 0.025),), (Place(0, 0.45, -0.15, 0.025),), 125)
simulator = Simulator(instance.structure)
for _ in range(20):
    simulator.reset(instance)
    for _ in range(125):
        simulator.step(STILL)
        simulator.observe(["tool", "grip", "box"])
    simulator.recording()
""",
    "one that holds the whole environment": """
from environments.robot.environment import RobotEnvironment
from environments.robot.expert import solve
from environments.robot.rollout import rollout
world = RobotEnvironment()
for seed in range(20):
    assert rollout(solve, "place_over_wall", "train", seed, environment=world).outcome.success
""",
}


_PHYSICS_ALONE = """
import time
from environments.robot.instance import Box, Instance, Place
from environments.robot.simulator import STILL, Simulator
instance = Instance((Box(0.5, 0.15, 0.025),), (Place(0, 0.45, -0.15, 0.025),), 125)
simulator = Simulator(instance.structure)
began = time.perf_counter()
for _ in range(200):
    simulator.reset(instance)
    for _ in range(100):
        simulator.step(STILL)
print(200 / (time.perf_counter() - began))
"""


def _memory_mb(program: str) -> float:
    """Returns the most memory that a process had which ran a program."""
    told = "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    ran = subprocess.run(
        [sys.executable, "-c", program + told],
        cwd=builtin_root(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(ran.stdout.split()[1]) / 1024


def _bench() -> Bench:
    return Bench(
        environment=EnvironmentSpec(reference="environments/robot"),
        target=TargetSpec(),
        limits=Limits(tool_calls=1000),
        sandbox="auto",
    )


def _trial(
    bench: Bench,
    seed: int,
    *,
    candidate: Candidate = CONTROLLER,
    trace: Literal["broken", "pictured"] = "broken",
) -> Trial:
    task = environment("place_over_wall").tasks("train")[0]
    pair = Pair(task=task, seed=seed, split="train", cluster=f"wall#{seed}")
    return Trial(bench=bench.digest, candidate=candidate.digest, pair=pair, trace=trace)


def _in_process_s(candidate: Candidate) -> float:
    world = environment("place_over_wall", tier=2)
    task, rollout = world.tasks("train")[0], part("rollout").rollout
    names: dict[str, Any] = {"__name__": "agent"}
    exec(candidate.files["agent.py"], names)
    rollout(names["solve"], task, "train", _SEED, environment=world)
    return _cpu_s(lambda: rollout(names["solve"], task, "train", _SEED, environment=world))


def _through_the_wire_s(candidate: Candidate, worker: TrialWorker) -> float:
    trial = _trial(_bench(), _SEED, candidate=candidate)
    began = time.process_time()
    record = worker.run(trial, candidate).record
    ours_s = time.process_time() - began
    assert record.outcome is not None, record.reason
    return ours_s + record.usage.cpu_s


def _rate(slots: int) -> float:
    """Returns episodes a second on Ray, from a queue that is never empty."""
    bench, count = _bench(), _QUEUE * slots
    with closing(RayExecutor(bench, slots=slots)) as executor:
        executor.open()
        for seed in range(count + slots):
            executor.submit(_trial(bench, seed), CONTROLLER)
        for _ in range(slots):
            assert _next(executor).record.fate is Fate.SOLVED
        began = time.perf_counter()
        for _ in range(count):
            assert _next(executor).record.fate is Fate.SOLVED
        return count / (time.perf_counter() - began)


def _rate_of_physics(processes: int) -> float:
    """Returns episodes a second of processes that simulate, and neither judge nor tell."""
    command = [sys.executable, "-c", _PHYSICS_ALONE]
    ran = [subprocess.Popen(command, cwd=builtin_root(), stdout=-1) for _ in range(processes)]
    return sum(float(process.communicate()[0]) for process in ran)


def _next(executor: Executor) -> Finished:
    finished = executor.next_finished(60.0)
    assert finished is not None
    return finished


def _trajectory(kind: Literal["inline", "ray"]) -> str:
    """Returns a digest of an episode's trajectory."""
    bench = _bench()
    executor = InlineExecutor(bench) if kind == "inline" else RayExecutor(bench, slots=1)
    with closing(executor):
        executor.open()
        executor.submit(_trial(bench, _SEED, trace="pictured"), CONTROLLER)
        evidence = _next(executor).evidence
    return hashlib.sha256(evidence["trajectory.npy"]).hexdigest()[:12]


if __name__ == "__main__":
    # Pictures are drawn without OpenGL: the trajectory is asked for.
    os.environ["MUJOCO_GL"] = "off"
    main()
