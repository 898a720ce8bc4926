"""Do trials that were answered from the store still come out as they were stored?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from agentlab.core.decision import Estimate
from agentlab.core.environment import Traits
from agentlab.core.outcome import Fate
from agentlab.core.result import Verified
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.measure.scores import differences
from agentlab.search.caches.played import result_of
from agentlab.search.caches.stage import TraceLedger
from agentlab.search.desk import Reused, TrialDesk
from agentlab.trials.executor import Executor

__all__ = ["chosen_keys", "verify_reused"]


def verify_reused(
    executor: Executor,
    reused: Mapping[str, Reused],
    *,
    share: float,
    seed: int,
    traits: Traits,
    artefacts: Path,
) -> Verified:
    """Runs a share of the trials that were answered from the store again, and compares.

    What is stored stays. In a world that is deterministic by seed any difference is a disagreement;
    in others the mean difference is, where its interval leaves out 0.

    Args:
        executor: Where they run.
        reused: Trials that were answered from the store, by key.
        share: Of them, how many are run again.
        seed: Decides which; the same for the same run.
        traits: What kind of world it is.
        artefacts: Where preparations are kept.
    """
    keys = [
        key
        for key in chosen_keys(reused, share=share, seed=seed)
        if reused[key].trial.kind == "solve"
    ]
    desk = TrialDesk(executor, TraceLedger(), artefacts=artefacts)
    fresh = desk.records(
        [reused[key].trial for key in keys],
        {reused[key].candidate.digest: reused[key].candidate for key in keys},
    )
    pairs = [
        (reused[record.key].record, record) for record in fresh if record.fate is not Fate.INFRA
    ]
    differing = [pair for pair in pairs if result_of(pair[0]) != result_of(pair[1])]
    change = None if traits.is_deterministic else _change(pairs, traits)
    has_moved = change is not None and (change.low > 0 or change.high < 0)
    is_wrong = bool(differing) if traits.is_deterministic else has_moved
    return Verified(
        answered=len(reused),
        rerun=len(pairs),
        differing=len(differing),
        change=change,
        disagrees=is_wrong,
        example=_told(*differing[0]) if differing else "",
    )


def chosen_keys(keys: Mapping[str, object], *, share: float, seed: int) -> list[str]:
    """Returns a random share of trial keys, the same for the same seed however many there are.

    >>> chosen_keys({"a": 1, "b": 2}, share=1.0, seed=1)
    ['a', 'b']
    """
    return [
        key
        for key in sorted(keys)
        if int(digest([seed, "verify", key])[:8], 16) < share * (1 << 32)
    ]


def _change(pairs: Sequence[tuple[TrialRecord, TrialRecord]], traits: Traits) -> Estimate | None:
    stored, fresh = ([pair[place] for pair in pairs] for place in (0, 1))
    return differences(fresh, stored, traits).get("success") if pairs else None


def _told(stored: TrialRecord, fresh: TrialRecord) -> str:
    where = f"task {stored.task}, seed {stored.seed}, candidate {stored.candidate[:8]}"
    return f"{where}: stored {_result(stored)}, measured again {_result(fresh)}"


def _result(record: TrialRecord) -> str:
    return (
        f"{record.fate.value} (success {record.success:g}, {record.usage.steps} steps, "
        f"{record.usage.context_tokens} context tokens)"
    )
