"""Trials for a debugger: the candidate runs in this process, on this thread, behind no wall."""

from __future__ import annotations

import bdb
import contextlib
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

from agentlab.core.candidate import Candidate, Files
from agentlab.core.environment import Environment, Episode
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Trial, TrialRecord
from agentlab.core.value import JsonValue
from agentlab.errors import InfraError, Violation
from agentlab.references import build_environment
from agentlab.trials.artefacts import keep_artefact
from agentlab.trials.conversation import Conversation, Ending
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.fingerprint import fingerprint
from agentlab.trials.meter import LimitPassed, Meter
from agentlab.trials.records import record_of
from agentlab.trials.worker import start_episode, start_frame
from agentlab.wire import stub

__all__ = ["DEBUG_SANDBOX", "DebugWorker"]

DEBUG_SANDBOX = "none (debug)"
"""What records and results say of the sandbox."""


class DebugWorker:
    """Runs trials where a debugger sees all of them: one stack from here through the candidate.

    There is no isolation, and no limit but those that the meter counts: a candidate may stand at a
    breakpoint as long as one likes. What the environment raises goes through.
    """

    def __init__(
        self,
        bench: Bench,
        *,
        artefacts: Path,
        environment: Environment | None = None,
        source: Path | None = None,
        tell: Callable[[str], None],
    ) -> None:
        """Builds the environment.

        Args:
            bench: What all trials share.
            artefacts: A folder for the artefacts that trials bring along.
            environment: A live environment in place of the one that the bench names.
            source: The target's own folder: a candidate that is the same runs from there, so that
                tracebacks and breakpoints name the files that a person edits.
            tell: Told the traceback of each exception of a candidate, the same one once.
        """
        self._bench = bench
        self._artefacts = artefacts
        self._environment = environment or build_environment(bench.environment)
        self._source = source
        self._tell = tell
        self._told: set[str] = set()
        tell(
            "debug: no sandbox, no limit of time or memory; every candidate runs in this process, "
            "with your rights; nothing is measured"
        )
        self._folder = tempfile.TemporaryDirectory(prefix="agentlab-debug-")
        self._blobs = Path(self._folder.name, "blobs")
        self._blobs.mkdir()
        for blob in self._environment.blobs():
            (self._blobs / blob.sha256).symlink_to(blob.path.absolute())
        versions = fingerprint(bench, self._environment)
        # Part of every key: no trial of a debugger is ever taken for a measured one.
        self.opened = Opened({**versions, "sandbox": DEBUG_SANDBOX}, DEBUG_SANDBOX)

    def run(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: dict[str, bytes] | None = None,
    ) -> Finished:
        """Runs one trial to its fate.

        Raises:
            KeyboardInterrupt: the person has seen enough.
            Exception: whatever the environment raises, but for an InfraError.
        """
        if trial.artefact is not None and artefact_files is not None:
            keep_artefact(self._artefacts, artefact_files)
        try:
            with closing(start_episode(self._environment, trial)) as episode:
                return self._run_episode(trial, candidate, episode)
        except InfraError as error:
            return Finished(_record(trial, Fate.INFRA, reason=str(error)), (), {}, {})

    def close(self) -> None:
        """Ends the environment."""
        self._folder.cleanup()
        self._environment.close()

    def _run_episode(self, trial: Trial, candidate: Candidate, episode: Episode) -> Finished:
        meter = Meter(self._bench.limits, self._environment.traits)
        answers = _Answers()
        conversation = Conversation(answers, episode, self._bench.limits, meter)
        ending = self._play(trial, candidate, episode, _Loop(conversation, answers))
        fate, outcome = ending.fate, None
        if fate is None and trial.kind == "prepare":
            fate = Fate.SOLVED
        elif fate is None:
            outcome = episode.judge(ending.answer)
            fate = Fate.SOLVED if outcome.success >= 1 else Fate.FAILED
        files = {path: bytes(content) for path, content in conversation.artefact.items()}
        has_artefact = trial.kind == "prepare" and fate is Fate.SOLVED
        record = _record(
            trial,
            fate,
            reason=ending.reason,
            outcome=outcome,
            usage=meter.usage(wall_s=conversation.elapsed_s, cpu_s=0.0),
            artefact=keep_artefact(self._artefacts, files) if has_artefact else None,
        )
        return Finished(record, conversation.trace, {}, files if has_artefact else {})

    def _play(self, trial: Trial, candidate: Candidate, episode: Episode, loop: _Loop) -> Ending:
        start = start_frame(self._bench, trial, candidate, episode)
        # The same candidate has the same folder each time, and so the same traceback.
        folder = Path(self._folder.name, candidate.digest[:12])
        with _at_home(folder, candidate.files), tempfile.TemporaryDirectory() as made:
            shown = (
                str(self._artefacts.absolute() / trial.artefact.digest) if trial.artefact else None
            )
            try:
                answer = stub.play(
                    start,
                    loop,
                    code=str(self._source if self._is_source(candidate.files) else folder),
                    blobs=str(self._blobs),
                    artefact=made if trial.kind == "prepare" else shown,
                )
            except _Over as over:
                return over.ending()
            except (KeyboardInterrupt, bdb.BdbQuit):
                raise KeyboardInterrupt from None
            except BaseException as error:  # noqa: BLE001 - whatever a candidate raises ends its trial
                self._show(error)
                return loop.finish({"crash": dict(stub.crash_frame(error))})
        return loop.finish({"answer": answer})

    def _is_source(self, files: Files) -> bool:
        source = self._source
        return source is not None and all(
            (source / path).is_file() and (source / path).read_bytes() == content
            for path, content in files.items()
        )

    def _show(self, error: BaseException) -> None:
        trace = error.__traceback__
        while trace and trace.tb_next and _is_ours(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
        if text not in self._told:
            self._told.add(text)
            self._tell(text.rstrip())


class _Over(BaseException):
    """Ends an episode through the candidate's code, which cannot know it and so lets it pass."""

    def __init__(self, ending: Ending, error: Exception | None = None) -> None:
        self._ending = ending
        self._error = error

    def ending(self) -> Ending:
        """Returns how the episode ended; raises what the environment raised."""
        if self._error is not None:
            raise self._error
        return self._ending


class _Answers:
    """The trusted end: what is sent to the candidate waits here until it looks."""

    def __init__(self) -> None:
        self._frames: list[dict[str, JsonValue]] = []

    def send(self, frame: dict[str, JsonValue], deadline: float | None = None) -> None:
        self._frames.append(_over_the_wire(frame))

    def send_text(self, text: str, deadline: float | None = None) -> None:
        self._frames.append(json.loads(text))

    def receive(self, deadline: float | None = None) -> dict[str, JsonValue] | None:
        return self._frames.pop()


class _Loop:
    """The candidate's end: a call is served before `send` returns."""

    def __init__(self, conversation: Conversation, answers: _Answers) -> None:
        self._conversation = conversation
        self._answers = answers
        self._home = Path.cwd()
        self._over: _Over | None = None

    def send(self, frame: Mapping[str, Any]) -> None:
        plain = _over_the_wire(frame)
        there = Path.cwd()
        os.chdir(self._home)
        try:
            self._conversation.take(plain)
        except LimitPassed as error:
            raise self._end(Ending(Fate.LIMIT, error.limit)) from None
        except Violation as error:
            raise self._end(Ending(Fate.VIOLATION, str(error))) from None
        except Exception as error:  # noqa: BLE001 - the environment's own: not for the candidate
            raise self._end(Ending(Fate.INFRA), error) from None
        finally:
            os.chdir(there)

    def receive(self) -> dict[str, Any]:
        return self._answers.receive() or {}

    def _end(self, ending: Ending, error: Exception | None = None) -> _Over:
        self._over = _Over(ending, error)
        return self._over

    def finish(self, frame: dict[str, JsonValue]) -> Ending:
        """Returns how the episode ends with the candidate's last frame, or how it had ended."""
        if self._over is not None:
            return self._over.ending()
        return self._conversation.take(_over_the_wire(frame)) or Ending(None)


def _over_the_wire(frame: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Returns what would arrive of a frame: plain data, and nothing that is shared."""
    arrived: dict[str, JsonValue] = json.loads(json.dumps(frame, allow_nan=False))
    return arrived


@contextlib.contextmanager
def _at_home(folder: Path, files: Files) -> Iterator[None]:
    """Makes a folder with the candidate's files the current one; forgets all of it at the end."""
    home, paths, writes = Path.cwd(), list(sys.path), sys.dont_write_bytecode
    tops = {path.partition("/")[0].removesuffix(".py") for path in files}
    tops -= sys.stdlib_module_names | {"agentlab"}
    hidden = _take_modules(tops, sys.modules)
    others = set(sys.modules)
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    os.chdir(folder)
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        os.chdir(home)
        sys.path[:], sys.dont_write_bytecode = paths, writes
        _take_modules(tops, sys.modules.keys() - others)
        sys.modules.update(hidden)
        shutil.rmtree(folder, ignore_errors=True)


def _take_modules(tops: set[str], among: Collection[str]) -> dict[str, ModuleType]:
    """Takes modules of these names, and all below them, out of what is imported."""
    if tops.isdisjoint(among):
        return {}
    names = [name for name in among if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}


def _is_ours(file: str) -> bool:
    return file in (__file__, stub.__file__) or file.startswith("<frozen importlib")


def _record(trial: Trial, fate: Fate, **details: Any) -> TrialRecord:
    return record_of(trial, fate, sandbox=DEBUG_SANDBOX, **details)
