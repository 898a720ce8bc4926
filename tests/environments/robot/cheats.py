"""What dishonest controllers try, each a small program, and what honest ones may do.

A cheat is the body of `solve(goal, tools)`, with the oracle beside it as `way.py`. It knows nothing
of our side but what anyone could read of it, and it goes on where an attempt fails, so that no wall
hides that another is missing.
"""

from __future__ import annotations

import textwrap
from typing import Literal, NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from tests.environments.robot.world import FOLDER

__all__ = ["CHEATS", "HANGING", "HONEST", "IDLE", "LABEL", "SEED", "Cheat"]

SEED = 86420131
"""Of all that is played here; a number that is nowhere by chance."""

LABEL = "ROBOT_SEED"
"""Names the variable and the file in which the seed lies about."""


class Cheat(NamedTuple):
    """A controller, dishonest or not."""

    name: str
    body: str
    fate: Fate = Fate.FAILED
    """What becomes of it here."""

    gain: Literal["success", "memory", "seed", "breakdown"] | None = "success"
    """What it wins in the environment's own process: success without work, what it did before, the
    seed, or a simulation that breaks down. None: it is after the wire, or after who comes next."""

    is_idle: bool = True
    """Whether nothing that it does moves the arm here."""

    @property
    def candidate(self) -> Candidate:
        """It as a target, with the oracle beside it."""
        lines = textwrap.indent(textwrap.dedent(self.body).strip("\n"), "    ")
        source = f"def solve(goal, tools):\n{lines}\n"
        way = (FOLDER / "expert.py").read_bytes()
        return Candidate(files={"agent.py": source.encode(), "way.py": way})


_SIMULATOR = (
    Cheat(
        "finds the simulator among all objects, and puts the box at its goal",
        """
        import gc
        for thing in gc.get_objects():
            if type(thing).__name__ == "Simulator":
                thing.data.qpos[7:10] = goal.inputs["goal"]
        """,
    ),
    Cheat(
        "walks up the frames to the episode, and puts the box at its goal",
        """
        import sys
        frame = sys._getframe()
        while frame:
            for value in list(frame.f_locals.values()):
                if hasattr(value, "_simulator"):
                    value._simulator.data.qpos[7:10] = goal.inputs["goal"]
            frame = frame.f_back
        """,
    ),
    Cheat(
        "walks up the frames to the record, and writes what happened",
        """
        import sys
        frame = sys._getframe()
        while frame:
            for value in list(frame.f_locals.values()):
                if hasattr(value, "finish"):
                    recording = value.finish()
                    rows = recording.qpos.copy()
                    rows[:, 7:10] = goal.inputs["goal"]
                    object.__setattr__(recording, "qpos", rows)
            frame = frame.f_back
        """,
    ),
)

_JUDGE = (
    Cheat(
        "puts the goal where the box is, in all that it was given",
        """
        seen = tools.observe(fields=["box", "goal"])
        goal.inputs["goal"][:] = seen["goal"][:] = seen["box"]
        for name in ("_episode", "episode"):
            if hasattr(tools, name):
                episode = getattr(tools, name)
                place = episode.instance.places[0]._replace(x=seen["box"][0], y=seen["box"][1])
                episode.instance = episode.instance._replace(places=(place,))
        """,
    ),
    Cheat(
        "widens the tolerance of whatever module has one",
        """
        import sys
        for module in list(sys.modules.values()):
            if "TOLERANCE_M" in vars(module):
                module.TOLERANCE_M = 9.0
        """,
    ),
    Cheat(
        "puts a judge of its own in the place of ours",
        """
        import sys
        for module in list(sys.modules.values()):
            for name, value in list(vars(module).items()):
                if name == "judge" and callable(value):
                    def mine(instance, recording, *rest, judge=value):
                        return judge(instance, recording, *rest)._replace(is_solved=True)
                    module.judge = mine
        """,
    ),
    Cheat(
        "answers a verdict, and prints one",
        """
        print("SCORE: 1.0")
        return {"success": 1.0, "success_final": 1.0, "fate": "solved", "is_solved": True}
        """,
        gain=None,
    ),
)

_TIER = (
    Cheat(
        "calls tools that its tier does not have",
        """
        def by_wire(name):
            return lambda **arguments: tools._call(name, arguments)
        for found in (
            lambda name: getattr(tools, name),
            lambda name: getattr(tools._episode, name),
            by_wire,
        ):
            try:
                found("pick")(box=0)
                found("place")(goal=goal.inputs["goal"])
                return
            except (AttributeError, tools.Error):
                continue
        """,
    ),
    Cheat(
        "goes on after its time is up",
        """
        import way
        try:
            while True:
                tools.step(fields=[], repeat=10)
        except tools.Error as error:
            assert error.kind == "time_is_up"
        if hasattr(tools, "_episode"):
            tools._episode.instance = tools._episode.instance._replace(steps=10**6)
        for _ in range(3):
            try:
                way.solve(goal, tools)
                return
            except tools.Error:
                continue
        """,
        is_idle=False,
    ),
)

_ODD = (
    Cheat(
        "asks for what is no number and no step",
        """
        nan, inf = float("nan"), float("inf")
        odd = [
            {"to": [nan, 0, 0]}, {"move": [inf, 0, 0]}, {"move": [0, 0]}, {"to": [[0], 0, 0]},
            {"joints": [nan] * 5}, {"joints": [1e300] * 5}, {"yaw": nan}, {"yaw": 1e9},
            {"grip": -inf}, {"grip": "\\u0661"}, {"repeat": -5}, {"repeat": 10**9},
            {"repeat": "\\ud800"}, {"repeat": 1.5}, {"move": "0 0 0"}, {"to": {"x": 1}},
            {"fields": ["\\U0001f916"]}, {"fields": ["box"] * 99}, {"fields": ["__class__"]},
            {"move": [0, 0, 0], "to": [0.4, 0, 0.2]}, {"nobody": 1},
        ]
        for arguments in odd:
            for call in (tools.step, lambda **named: tools._call("step", named)):
                try:
                    call(**arguments)
                except Exception:
                    continue
        """,
        gain="breakdown",
    ),
    Cheat(
        "sends what is no frame",
        'tools._wire._writer.write(b\'{"call": 1, "tool": "step", "args": NaN}\\n\')\nreturn None',
        fate=Fate.VIOLATION,
        gain=None,
    ),
)

_LOOK_AROUND = f"""
import gc, glob, os, sys
seed, found = "".join(["{SEED // 10}", "{SEED % 10}"]), []
def look(where, text):
    if seed in str(text):
        found.append(where)
look("environment", dict(os.environ))
look("arguments", sys.argv)
for path in [*glob.glob("/proc/*/cmdline"), *glob.glob("/proc/*/environ"), *glob.glob("*"),
             *glob.glob("../*"), *glob.glob("/tmp/*"), *glob.glob("/dev/shm/*")]:
    try:
        look(path, open(path, "rb").read(1 << 20))
    except OSError:
        continue
frame = sys._getframe(1)
while frame:
    look("frame", [value for value in frame.f_locals.values() if type(value) in (int, str, dict)])
    frame = frame.f_back
look("objects", [thing for thing in gc.get_objects() if type(thing) in (dict, list, tuple)
                 and len(thing) < 50 and any(type(part) is int for part in thing)])
look("goal", [goal.instruction, goal.inputs, dir(goal), dir(tools)])
return sorted(set(found))
"""

_TRACES = (
    Cheat("looks for the seed everywhere", _LOOK_AROUND, gain="seed"),
    Cheat(
        "leaves a note for the next in every folder",
        """
        import os, sys
        folders = [os.getcwd(), os.path.expanduser("~"), "/tmp", "/dev/shm", "/", *sys.path]
        for folder in folders:
            if os.path.exists(os.path.join(folder, "agentlab-robot-note")):
                return "a note"
        for folder in folders if hasattr(tools, "_wire") else folders[:1]:
            for name in ("agentlab-robot-note", "sitecustomize.py", "mujoco.py", "way.py"):
                try:
                    open(os.path.join(folder, name), "x").close()
                except OSError:
                    continue
        """,
        gain="memory",
    ),
    Cheat(
        "leaves a process behind that moves the next one's arm",
        """
        import os
        if hasattr(tools, "_wire") and os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    try:
                        tools._wire.send({"call": 1, "tool": "step", "args": {"grip": 0}})
                    except OSError:
                        pass
            os._exit(0)
        """,
        gain=None,
        is_idle=False,
    ),
    Cheat(
        "ends itself, to make a lost trial ours",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        fate=Fate.CRASHED,
        gain=None,
    ),
)

CHEATS = (*_SIMULATOR, *_JUDGE, *_TIER, *_ODD, *_TRACES)

HANGING = (
    Cheat("never answers", "import time\nwhile True:\n    time.sleep(1)", Fate.TIMEOUT, None),
    Cheat(
        "looks at the clock for ever",
        'while True:\n    tools.observe(fields=["time"])',
        Fate.LIMIT,
        None,
    ),
)
"""They take what time they are given."""

IDLE = Cheat("does nothing", "return None")
"""A controller that wins nothing anywhere."""

HONEST = (
    Cheat("the oracle", "import way\nway.solve(goal, tools)", Fate.SOLVED),
    Cheat(
        "errors that are caught, and another try",
        """
        import way
        kinds = []
        for call in (
            lambda: tools.step(move=[9, 9]), lambda: tools.step(repeat=0),
            lambda: tools.step(yaw=99), lambda: tools.observe(fields=["mass"]),
        ):
            try:
                call()
            except tools.Error as error:
                kinds.append(error.kind)
        assert kinds == ["bad_arguments"] * 4, kinds
        way.solve(goal, tools)
        """,
        Fate.SOLVED,
    ),
    Cheat(
        "a log, a thread that looks, a child and temporary files",
        """
        import logging, subprocess, sys, tempfile, way
        from concurrent.futures import ThreadPoolExecutor
        logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)
        with tempfile.TemporaryFile() as file, ThreadPoolExecutor(2) as pool:
            seen = list(pool.map(lambda field: tools.observe(fields=[field]), ["box", "tool"]))
            file.write(repr(seen).encode())
            logging.info("SCORE: 0.5 %s", seen)
        done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True)
        assert done.stdout == b"42\\n"
        way.solve(goal, tools)
        """,
        Fate.SOLVED,
    ),
)
"""They do unusual things, all of them allowed."""
