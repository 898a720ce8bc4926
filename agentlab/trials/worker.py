"""The trusted side of trials: an environment and a sandbox kept warm, trial after trial."""

from __future__ import annotations

import base64
import traceback
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment, Episode
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.tool import Tool
from agentlab.core.trial import Bench, Trial
from agentlab.core.value import JsonValue
from agentlab.errors import BudgetSpent, InfraError, ModelDown
from agentlab.llm.gateway import ModelAccess
from agentlab.llm.remote import RemoteGateway
from agentlab.llm.vendors.endpoint import VendorEndpoint
from agentlab.references import build_environment
from agentlab.retrieval.cache_folder import cache_folder
from agentlab.sandbox.bare_library import bare_interpreter
from agentlab.sandbox.interpreter import Interpreter
from agentlab.sandbox.open import open_sandbox
from agentlab.sandbox.sandbox import CandidateProcess, Ended
from agentlab.trials.artefacts import keep_artefact
from agentlab.trials.conversation import Conversation, Ending
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.fingerprint import fingerprint
from agentlab.trials.meter import Meter
from agentlab.trials.records import record_of
from agentlab.wire.model_endpoint import MODEL_TOOL

__all__ = ["TrialWorker", "start_episode", "start_frame"]


class _Verdict(NamedTuple):
    fate: Fate
    reason: str = ""
    outcome: Outcome | None = None


class TrialWorker:
    """Runs trials of one bench, one at a time, all from the thread that made it."""

    def __init__(
        self, bench: Bench, *, artefacts: Path, environment: Environment | None = None
    ) -> None:
        """Builds the environment and opens the sandbox.

        Args:
            bench: What all trials share.
            artefacts: A folder for the artefacts that trials bring along.
            environment: A live environment in place of the one that the bench names.

        Raises:
            InputError: the environment or a declared package cannot be had.
        """
        self._bench = bench
        self._artefacts = artefacts
        artefacts.mkdir(parents=True, exist_ok=True)
        self._models = _models_of(bench)
        self._environment = environment or build_environment(bench.environment)
        self._sandbox = open_sandbox(
            layer=bench.sandbox,
            packages=bench.target.packages,
            blobs=self._environment.blobs(),
            artefacts=artefacts,
            interpreter=_interpreter_for(self._environment),
            has_loopback=bench.models is not None,
        )
        self.opened = Opened(fingerprint(bench, self._environment), self._sandbox.layers)

    def run(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: dict[str, bytes] | None = None,
    ) -> Finished:
        """Runs one trial to its fate. Never raises for what a candidate or an environment does."""
        if trial.artefact is not None and artefact_files is not None:
            keep_artefact(self._artefacts, artefact_files)
        try:
            with closing(start_episode(self._environment, trial)) as episode:
                return self._run_episode(trial, candidate, episode)
        except InfraError as error:
            return self._infra(trial, str(error))
        except Exception as error:  # noqa: BLE001 - an environment is foreign code: its bug must not end the run
            return self._infra(trial, _blame("the environment raised", error))

    def close(self) -> None:
        """Ends the sandbox and the environment."""
        self._sandbox.close()
        self._environment.close()

    def _run_episode(self, trial: Trial, candidate: Candidate, episode: Episode) -> Finished:
        frame = start_frame(self._bench, trial, candidate, episode)
        beside = self._model_tool(trial)
        if beside:
            frame["models"] = True
        traits = self._environment.traits
        meter = Meter(self._bench.limits, traits.with_models() if beside else traits)
        artefact = trial.artefact.digest if trial.artefact else None
        process = self._sandbox.start(self._bench.limits, mode=trial.kind, artefact=artefact)
        conversation = Conversation(
            process.channel, episode, self._bench.limits, meter, beside=beside
        )
        try:
            ending = conversation.hold(frame)
        except (InfraError, BudgetSpent, ModelDown) as error:
            ending = Ending(Fate.INFRA, str(error))
        except Exception as error:  # noqa: BLE001 - a tool's bug is ours, not the candidate's
            ending = Ending(Fate.INFRA, _blame("a tool raised", error))
        wall_s = conversation.elapsed_s
        verdict, ended = self._settle(trial, episode, process, ending)
        files = {path: bytes(content) for path, content in conversation.artefact.items()}
        has_artefact = trial.kind == "prepare" and verdict.fate is Fate.SOLVED
        return Finished(
            record=record_of(
                trial,
                verdict.fate,
                reason=verdict.reason,
                outcome=verdict.outcome,
                usage=meter.usage(wall_s=wall_s, cpu_s=ended.cpu_s),
                artefact=keep_artefact(self._artefacts, files) if has_artefact else None,
                sandbox=self._sandbox.layers,
            ),
            trace=conversation.trace if _is_shown(trial, verdict.fate) else (),
            evidence=_evidence(episode) if trial.trace == "pictured" else {},
            artefact_files=files if has_artefact else {},
        )

    def _model_tool(self, trial: Trial) -> Mapping[str, Tool]:
        """Returns the call by which the target's SDK asks its models, where it may ask any."""
        if self._models is None or self._bench.models is None:
            return {}
        pair = f"{trial.pair.task.id}/{trial.pair.seed}" if trial.pair else trial.preparation_seed
        endpoint = VendorEndpoint(
            self._models, self._bench.models.names, sample=f"{pair}/{trial.repetition}"
        )
        return {MODEL_TOOL: endpoint.tool}

    def _settle(
        self, trial: Trial, episode: Episode, process: CandidateProcess, ending: Ending
    ) -> tuple[_Verdict, Ended]:
        # Before anything is judged, so that nothing moves under the judge.
        process.dismiss()
        verdict = self._judge(trial, episode, ending.answer) if ending.has_answer else None
        ended = process.end()
        if ended.broken is not None:
            return _Verdict(Fate.INFRA, ended.broken), ended
        if verdict is not None:
            return verdict, ended
        if ended.limit is not None and ending.fate in (None, Fate.TIMEOUT, Fate.CRASHED):
            return _Verdict(Fate.LIMIT, ended.limit), ended
        if ending.fate is not None:
            return _Verdict(ending.fate, ending.reason), ended
        return _Verdict(Fate.CRASHED, f"{ending.reason} ({ended.exit})"), ended

    def _judge(self, trial: Trial, episode: Episode, answer: JsonValue) -> _Verdict:
        if trial.kind == "prepare":
            return _Verdict(Fate.SOLVED)
        try:
            outcome = episode.judge(answer)
        except InfraError as error:
            return _Verdict(Fate.INFRA, str(error))
        except Exception as error:  # noqa: BLE001 - as for tools: the judge is the environment's code
            return _Verdict(Fate.INFRA, _blame("the judge raised", error))
        if not isinstance(outcome, Outcome):
            kind = type(outcome).__name__
            return _Verdict(
                Fate.INFRA, f"the judge returned {kind}; it must be an agentlab.Outcome"
            )
        return _Verdict(Fate.SOLVED if outcome.success >= 1 else Fate.FAILED, "", outcome)

    def _infra(self, trial: Trial, reason: str) -> Finished:
        record = record_of(trial, Fate.INFRA, reason=reason, sandbox=self._sandbox.layers)
        return Finished(record, (), {}, {})


def _interpreter_for(environment: Environment) -> Interpreter | None:
    if not environment.traits.hides_library:
        return None
    return bare_interpreter(cache_folder("library"))


def _models_of(bench: Bench) -> ModelAccess | None:
    """Returns the way to the models that a target may ask, if it may.

    Raises:
        InfraError: nobody said where they are.
    """
    if bench.models is None:
        return None
    if bench.access is None:
        raise InfraError("the target may ask models, and there is no gateway to them")
    return RemoteGateway(bench.access)


def start_episode(environment: Environment, trial: Trial) -> Episode:
    """Starts the episode of a trial.

    Raises:
        InfraError: our side failed.
    """
    if trial.kind == "prepare":
        episode = environment.preparation(trial.preparation_seed)
        if episode is None:
            raise InfraError("the environment needs no preparation, so none can be run")
        return episode
    assert trial.pair is not None
    return environment.start(trial.pair.task, trial.pair.seed)


def start_frame(
    bench: Bench, trial: Trial, candidate: Candidate, episode: Episode
) -> dict[str, JsonValue]:
    """Returns what a candidate is told first: its files, its entry, the goal, the tools."""
    return {
        "files": {
            path: base64.b64encode(content).decode() for path, content in candidate.files.items()
        },
        "entry": bench.target.entry if trial.kind == "solve" else bench.target.prepare,
        "mode": trial.kind,
        "goal": episode.goal.model_dump(mode="json"),
        "tools": {name: list(tool.parameters) for name, tool in episode.tools.items()},
    }


def _is_shown(trial: Trial, fate: Fate) -> bool:
    match trial.trace:
        case "always" | "pictured":
            return True
        case "unsolved":
            return fate is not Fate.SOLVED
        case "broken":
            return not fate.is_judged


def _evidence(episode: Episode) -> Mapping[str, bytes]:
    try:
        return episode.evidence()
    except Exception as error:  # noqa: BLE001 - a candidate may have broken what is to be shown
        return {"evidence.txt": _blame("the evidence raised", error).encode()}


def _blame(what: str, error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{what} {type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
