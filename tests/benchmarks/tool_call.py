"""Prints what one tool call through the wire costs, beside a bare ping-pong over two pipes.

A candidate in the sandbox makes thousands of calls, back to back: four floats and three names of
fields in, fifteen floats out, as a robot's controller does. The floor, measured in the same run:
two processes that send each other the same bytes, parsed and written by `json` and nothing else.
Then the same episode with a step that takes 0.25 ms, in this process and through the wire, and two
slots beside one. Asked: at most 0.15 ms for a call, on the clock and of both processors together;
at most +60 % for the episode; two slots on two cores at least 1.9 x one.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import Tool, tool
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue, plain_json
from agentlab.trials.conversation import Conversation
from agentlab.trials.meter import Meter
from agentlab.trials.ray_executor import RayExecutor
from agentlab.trials.worker import TrialWorker
from agentlab.wire.channel import Channel

Layer = Literal["plain", "bubblewrap"]

_PART = 100
_PARTS = 20
_CALLS = _PARTS * _PART
_ROUNDS = 15
_STEP_MS = 0.25
_FIELDS = ("joints", "speeds", "tip", "box")
_SIZES = {"joints": 4, "speeds": 4, "tip": 3, "box": 4}

CONTROLLER = Candidate(
    files={
        "agent.py": b"""
import time

FIELDS = ["joints", "speeds", "tip", "box"]


def solve(goal, tools):
    torques, spent = [0.1, -0.2, 0.3, -0.4], []
    for _ in range(goal.inputs["parts"]):
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(goal.inputs["part"]):
            seen = tools.step(torques, FIELDS)
            torques = [0.9 * angle + 0.1 for angle in seen["joints"]]
        spent.append([time.perf_counter() - wall, time.process_time() - cpu])
    return spent
"""
    }
)
"""Acts on what it saw; answers what each part took on the clock and of its processor, seconds."""


class Cost(NamedTuple):
    """What a call took, the mean of a part, microseconds."""

    wall: float
    candidate: float
    """Of the caller's processor."""

    trusted: float
    """Of the other process's processor."""

    @classmethod
    def of(cls, *spent_s: float) -> Cost:
        """Returns it from what the part took, seconds."""
        return cls(*(1e6 * part_s / _PART for part_s in spent_s))


class ArmEpisode(Episode):
    """An arm without physics: what it is told moves it a little, what is asked for is shown."""

    goal = Goal(instruction="", inputs={"parts": _PARTS, "part": _PART})

    def __init__(self, step_ms: float, costs: list[Cost]) -> None:
        self._step_s = step_ms / 1000
        self._costs = costs
        self._state = {
            name: [math.sin(place + 10 * size) for place in range(1, size + 1)]
            for name, size in _SIZES.items()
        }
        self._calls = 0
        self._cpu_s: list[float] = []

    @tool
    def step(self, torques: list[float], fields: list[str]) -> dict[str, list[float]]:
        """Turns the joints and shows what is asked for."""
        if self._calls % _PART in (0, _PART - 1):
            self._cpu_s.append(time.process_time())
        self._calls += 1
        self._state["joints"] = [
            0.9 * old + 0.01 * turn
            for old, turn in zip(self._state["joints"], torques, strict=True)
        ]
        if self._step_s:
            _spin(self._step_s)
        return {name: self._state[name] for name in fields}

    def judge(self, answer: JsonValue) -> Outcome:
        """Puts what each part took where the benchmark finds it."""
        # The answer is the one that the controller above gives.
        spent: Any = answer
        ours = [end - begin for begin, end in zip(self._cpu_s[::2], self._cpu_s[1::2], strict=True)]
        for (wall_s, cpu_s), trusted_s in zip(spent, ours, strict=True):
            self._costs.append(Cost.of(wall_s, cpu_s, trusted_s * _PART / (_PART - 1)))
        return Outcome(success=1)


def _spin(cpu_s: float) -> None:
    """Works for as long; being out of the processor is no work."""
    begin = time.thread_time()
    while time.thread_time() - begin < cpu_s:
        pass


class ArmEnvironment(Environment):
    """One task: to be called so many times."""

    traits = Traits(context_meter="read_tokens")

    def __init__(self, step_ms: float = 0.0) -> None:
        self._step_ms = step_ms
        self.costs: list[Cost] = []
        """Of each part of the episodes so far."""

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the task."""
        return [Task(id="move", group="move")]

    def start(self, task: Task, seed: int) -> ArmEpisode:
        """Starts it."""
        return ArmEpisode(self._step_ms, self.costs)


def main() -> None:
    """Measures and prints."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {_ROUNDS} x {_CALLS} calls")
    print(f"us a call: least {'(median)':26} {'wall':>16} {'both CPUs':>16} {'candidate':>16}")
    _tell("bare ping-pong of the same bytes", [_ping_pong() for _ in range(_PARTS * _ROUNDS)])
    for layer in ("plain", "bubblewrap"):
        name, costs = _through_the_wire(layer)
        _tell(f"a call, {name}", costs)
    here = [_in_process() for _ in range(_ROUNDS)]
    _tell(f"a step of {_STEP_MS} ms in this process", [cost for costs in here for cost in costs])
    name, wired = _through_the_wire("bubblewrap", _STEP_MS)
    _tell(f"the same, {name}", wired)
    ratio = min(wired).wall / min(cost for costs in here for cost in costs).wall
    print(f"through the wire: {ratio - 1:+.0%} (asked: at most +60 %)")
    print("processor time of pieces:")
    for told, piece in _pieces().items():
        print(f"  {told:42} {piece:8.1f}")
    print(f"two slots beside one: {_two_slots_beside_one():.2f} x (asked: 1.9 x)")


def _tell(what: str, costs: Sequence[Cost]) -> None:
    columns = (
        [cost.wall for cost in costs],
        [cost.candidate + cost.trusted for cost in costs],
        [cost.candidate for cost in costs],
    )
    cells = [f"{min(column):.1f} ({statistics.median(column):.1f})" for column in columns]
    print(f"{what:44} " + " ".join(f"{cell:>16}" for cell in cells))


def _through_the_wire(layer: Layer, step_ms: float = 0.0) -> tuple[str, list[Cost]]:
    """Returns the layers in force, and what each part of the controller's trials took."""
    bench, environment = arm_bench(step_ms, layer), ArmEnvironment(step_ms)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(TrialWorker(bench, artefacts=Path(folder), environment=environment)) as worker,
    ):
        for seed in range(_ROUNDS):
            record = worker.run(arm_trial(bench, seed), CONTROLLER).record
            assert record.fate is Fate.SOLVED, record.reason
        return worker.opened.sandbox, environment.costs


def arm_bench(step_ms: float, layer: Layer = "bubblewrap") -> Bench:
    """Returns a bench of the arm's world, with room for the calls."""
    return Bench(
        environment=EnvironmentSpec(
            reference="tests.benchmarks.tool_call:ArmEnvironment", options={"step_ms": step_ms}
        ),
        target=TargetSpec(),
        limits=Limits(tool_calls=_CALLS),
        sandbox=layer,
    )


def arm_trial(bench: Bench, seed: int) -> Trial:
    """Returns a trial of the controller."""
    (task,) = ArmEnvironment().tasks("train")
    pair = Pair(task=task, seed=seed, split="train", cluster=f"move#{seed}")
    return Trial(bench=bench.digest, candidate=CONTROLLER.digest, pair=pair)


def _in_process() -> list[Cost]:
    """Returns what each part of an episode took whose candidate holds the episode itself."""
    code: dict[str, Any] = {}
    exec(CONTROLLER.files["agent.py"], code)
    episode = ArmEpisode(_STEP_MS, [])
    return [Cost.of(wall_s, cpu_s, 0.0) for wall_s, cpu_s in code["solve"](episode.goal, episode)]


def _ping_pong() -> Cost:
    """Returns what the same frames take between two processes that do nothing but `json`."""
    call, result = _frames()
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        begin = 0.0
        for _ in range(_PART + 1):
            json.loads(os.read(theirs_in, 1 << 16))
            begin = begin or time.process_time()
            os.write(theirs_out, json.dumps(result).encode())
        spent = time.process_time() - begin
        os.read(theirs_in, 1)
        os.write(theirs_out, str(spent).encode())
        os._exit(0)
    wall = cpu = 0.0
    for _ in range(_PART + 1):
        os.write(ours_out, json.dumps(call).encode())
        json.loads(os.read(ours_in, 1 << 16))
        # The first one waits for the fork.
        wall, cpu = wall or time.perf_counter(), cpu or time.process_time()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    os.write(ours_out, b"x")
    theirs = float(os.read(ours_in, 1 << 16))
    os.waitpid(pid, 0)
    for fd in (theirs_in, theirs_out, ours_in, ours_out):
        os.close(fd)
    return Cost.of(wall, cpu, theirs)


def _frames() -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    arguments: dict[str, JsonValue] = {
        "torques": [math.sin(joint) for joint in range(1, 5)],
        "fields": list(_FIELDS),
    }
    value = Tool("step", ArmEpisode(0.0, []).step, is_step=True).call(arguments).value
    return {"call": 1, "tool": "step", "args": arguments}, {"result": 1, "value": value}


class _Deaf:
    """A candidate's end that hears nothing and says nothing."""

    def send(self, frame: Mapping[str, Any], deadline: float | None = None) -> None:
        """Drops it."""

    def send_text(self, text: str, deadline: float | None = None) -> None:
        """Drops it."""

    def receive(self, deadline: float | None = None) -> dict[str, JsonValue] | None:
        """Has nothing."""
        return None


def _pieces() -> dict[str, float]:
    """Returns processor time by piece of a call, microseconds; a pipe is written to and read."""
    call, result = _frames()
    limits = Limits(tool_calls=1 << 30, tokens=1 << 40)
    episode = ArmEpisode(0.0, [])
    arm = Tool("step", episode.step, is_step=True)
    arguments = call["args"]
    assert isinstance(arguments, dict)
    shown = arm.call(arguments)
    text = plain_json(shown.value)
    meter = Meter(limits, ArmEnvironment.traits)
    conversation = Conversation(_Deaf(), episode, limits, meter)
    line = json.dumps(call).encode() + b"\n"
    read_fd, write_fd = os.pipe()
    with contextlib.closing(Channel(read_fd, write_fd, max_frame_bytes=1 << 20)) as channel:
        deadline = time.monotonic() + 600

        def receive() -> None:
            os.write(write_fd, line)
            channel.receive(deadline)

        def send() -> None:
            channel.send(result, deadline)
            os.read(read_fd, 1 << 16)

        return {
            "trusted end: receive": _cpu_us(receive),
            "trusted end: serve": _cpu_us(lambda: conversation.take(call)),
            "  of it arguments and tool": _cpu_us(lambda: arm.call(arguments)),
            "  of it the tool": _cpu_us(lambda: episode.step([0.1] * 4, list(_FIELDS))),
            "  of it the meter": _cpu_us(lambda: meter.after_call(shown, text)),
            "trusted end: send": _cpu_us(send),
        }


def _cpu_us(work: Callable[[], object]) -> float:
    rounds = []
    for _ in range(_ROUNDS):
        began = time.thread_time()
        for _ in range(_CALLS):
            work()
        rounds.append(1e6 * (time.thread_time() - began) / _CALLS)
    return min(rounds)


def _two_slots_beside_one() -> float:
    """Returns how many times as many steps two slots on Ray take in the same time as one."""
    bench = arm_bench(_STEP_MS)
    executor = RayExecutor(bench, slots=2)
    executor.open()
    seeds = itertools.count()
    try:
        _seconds(executor, [arm_trial(bench, next(seeds)) for _ in range(4)])
        one_s, two_s = math.inf, math.inf
        for _ in range(_ROUNDS):
            one_s = min(one_s, _seconds(executor, [arm_trial(bench, next(seeds))]))
            pair = [arm_trial(bench, next(seeds)) for _ in range(2)]
            two_s = min(two_s, _seconds(executor, pair))
        return 2 * one_s / two_s
    finally:
        executor.close()


def _seconds(executor: RayExecutor, trials: Sequence[Trial]) -> float:
    began = time.perf_counter()
    for trial in trials:
        executor.submit(trial, CONTROLLER)
    for _ in trials:
        finished = executor.next_finished(60.0)
        assert finished is not None
        assert finished.record.fate is Fate.SOLVED, finished.record.reason
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
