"""Candidates on given pairs, without a search: what an evaluation and a promotion are made of."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.progress import Observer, Progress
from agentlab.core.trial import Pair, TrialRecord
from agentlab.experiment.build import World
from agentlab.search.desk import Ledger, TrialDesk
from agentlab.search.measuring import Measuring
from agentlab.trials.executor import Executor, Finished

__all__ = ["Measured", "NoLedger", "measure"]


class Measured(NamedTuple):
    """What was measured."""

    records: dict[str, list[TrialRecord]]
    """By the candidate's digest, in the order of the pairs."""

    infra_trials: int
    """Attempts lost to our side."""

    measuring: Measuring
    """What measured them."""


class NoLedger:
    """Keeps nothing."""

    def trial(self, key: str) -> TrialRecord | None:
        """Knows none."""
        return None

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        """Forgets them."""

    def save_trace(self, finished: Finished) -> None:
        """Forgets it."""


def measure(
    candidates: Sequence[Candidate],
    pairs: Sequence[Pair],
    *,
    world: World,
    executor: Executor,
    bench: str,
    preparation_seed: int,
    ledger: Ledger,
    artefacts: Path,
    observer: Observer,
    message: str = "",
) -> Measured:
    """Returns the records of candidates on the same pairs.

    Args:
        candidates: Each of them once.
        pairs: At least one.
        world: Whose traits say whether there is something to prepare.
        executor: Opened.
        bench: Digest of what all trials share.
        preparation_seed: Of each candidate's `prepare()`.
        ledger: Where finished trials are kept, and found again.
        artefacts: Folder for what preparations leave behind; lasts as long as the ledger.
        observer: Told how it goes.
        message: What it is told that this is.

    Raises:
        InputError: a candidate's `prepare()` breaks.
        NothingMeasurable: our side failed too often; what finished is in the ledger.
    """
    began = time.monotonic()
    planned = len(candidates) * len(pairs)

    def tick() -> None:
        rate = desk.measured / max(time.monotonic() - began, 1e-3)
        left = max(0, planned - desk.seen) / rate if desk.measured >= 5 else None
        observer.progress(
            Progress(
                phase="test" if pairs[0].split == "test" else "validation",
                message=message,
                planned=planned,
                done=min(desk.seen, planned),
                trials=desk.measured,
                trials_per_s=rate,
                left_s=left,
            )
        )

    desk = TrialDesk(executor, ledger, artefacts=artefacts, on_tick=tick)
    measuring = Measuring(
        desk,
        bench=bench,
        needs_preparation=world.traits.needs_preparation,
        preparation_seed=preparation_seed,
    )
    try:
        for candidate in candidates:
            measuring.require_prepared(candidate)
        return Measured(measuring.on_all(candidates, pairs), desk.lost, measuring)
    finally:
        desk.flush()
