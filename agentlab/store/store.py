"""The database of runs. One writer, the driver; readers may look at any time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, insert, select

from agentlab.core.candidate import Candidate
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.errors import UnknownReference, nearest
from agentlab.store.schema import migrate, open_engine
from agentlab.store.tables import BlobRow, CandidateRow, EventRow, RunRow, TrialRow

__all__ = ["CandidateInfo", "RunInfo", "Store"]


class RunInfo(NamedTuple):
    """A run as it is listed."""

    name: str
    created_at: str
    version: str
    status: str
    experiment: dict[str, Any]
    result: dict[str, Any] | None


class CandidateInfo(NamedTuple):
    """A candidate without its files."""

    digest: str
    position: int
    parent: str | None
    source: str
    label: str
    hypothesis: str


class Store:
    """Runs, candidates, trials and the log."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Opens a database and migrates its schema.

        Args:
            url: `sqlite:///path` or `postgresql+psycopg://user@host/name`.
            read_only: Refuses writes; the schema is taken as it is.

        Raises:
            InputError: it cannot be opened, or a newer version made it.
        """
        self._engine = open_engine(url, read_only=read_only)
        if not read_only:
            migrate(self._engine)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def create_run(self, run: RunInfo) -> None:
        """Keeps a new run."""
        with Session(self._engine) as session:
            session.add(RunRow(**run._asdict()))
            session.commit()

    def runs(self) -> list[RunInfo]:
        """Returns all runs, the oldest first."""
        with Session(self._engine) as session:
            rows = session.exec(select(RunRow).order_by(RunRow.created_at)).all()
            return [_run_info(row) for row in rows]

    def run(self, name: str) -> RunInfo:
        """Returns a run.

        Raises:
            UnknownReference: there is none of that name.
        """
        with Session(self._engine) as session:
            row = session.get(RunRow, name)
            if row is None:
                known = session.exec(select(RunRow.name)).all()
                raise UnknownReference(f"no run '{name}' here{nearest(name, known)}")
            return _run_info(row)

    def update_run(
        self, name: str, *, status: str, result: dict[str, Any] | None = None
    ) -> None:
        """Changes what became of a run; a result that is not given stays."""
        with Session(self._engine) as session:
            row = session.get_one(RunRow, name)
            row.status = status
            if result is not None:
                row.result = result
            session.commit()

    def add_candidate(self, run: str, candidate: Candidate) -> None:
        """Keeps a candidate's files; the same candidate again changes nothing."""
        with Session(self._engine) as session:
            if session.get(CandidateRow, (run, candidate.digest)) is not None:
                return
            files = {path: digest(content) for path, content in candidate.files.items()}
            for path, address in files.items():
                if session.get(BlobRow, address) is None:
                    data = zlib.compress(candidate.files[path])
                    session.add(BlobRow(digest=address, data=data))
                    session.flush()
            count = select(func.count()).select_from(CandidateRow).where(CandidateRow.run == run)
            session.add(
                CandidateRow(
                    run=run,
                    digest=candidate.digest,
                    position=session.exec(count).one(),
                    parent=candidate.parent,
                    source=candidate.source,
                    label=candidate.label,
                    hypothesis=candidate.hypothesis,
                    provenance=candidate.provenance,
                    files=files,
                )
            )
            session.commit()

    def candidate(self, run: str, prefix: str) -> Candidate:
        """Returns a candidate by its digest or the beginning of it.

        Raises:
            UnknownReference: none or several begin so.
        """
        with Session(self._engine) as session:
            rows = session.exec(
                select(CandidateRow).where(
                    CandidateRow.run == run, col(CandidateRow.digest).startswith(prefix)
                )
            ).all()
            if len(rows) != 1:
                count = "several candidates" if rows else "no candidate"
                raise UnknownReference(f"{count} of run '{run}' with digest '{prefix}'")
            (row,) = rows
            files = {
                path: zlib.decompress(session.get_one(BlobRow, address).data)
                for path, address in row.files.items()
            }
            return Candidate(
                files=files,
                parent=row.parent,
                hypothesis=row.hypothesis,
                source=row.source,
                label=row.label,
                provenance=row.provenance,  # type: ignore[arg-type]
            )

    def candidates(self, run: str) -> list[CandidateInfo]:
        """Returns all candidates of a run without their files, the baseline first."""
        with Session(self._engine) as session:
            rows = session.exec(
                select(CandidateRow)
                .where(CandidateRow.run == run)
                .order_by(col(CandidateRow.position))
            ).all()
            return [
                CandidateInfo(
                    row.digest, row.position, row.parent, row.source, row.label, row.hypothesis
                )
                for row in rows
            ]

    def save_trials(self, run: str, records: Sequence[TrialRecord]) -> None:
        """Keeps trials in one transaction; a key that is there already is left as it is."""
        rows = [_trial_row(run, record) for record in records]
        with Session(self._engine) as session:
            keys = [row["key"] for row in rows]
            known = set(
                session.exec(
                    select(TrialRow.key).where(TrialRow.run == run, col(TrialRow.key).in_(keys))
                )
            )
            fresh = {row["key"]: row for row in rows if row["key"] not in known}
            if fresh:
                session.execute(insert(TrialRow), list(fresh.values()))
            session.commit()

    def trials(self, run: str, *, candidate: str | None = None) -> list[TrialRecord]:
        """Returns the trials of a run, or of one candidate in it."""
        wanted = select(TrialRow).where(TrialRow.run == run)
        if candidate is not None:
            wanted = wanted.where(TrialRow.candidate == candidate)
        with Session(self._engine) as session:
            return [_record(row) for row in session.exec(wanted)]

    def count_trials(self, run: str) -> int:
        """Returns how many trials of a run are finished."""
        with Session(self._engine) as session:
            count = select(func.count()).select_from(TrialRow).where(TrialRow.run == run)
            return session.exec(count).one()

    def append_event(self, run: str, kind: str, payload: dict[str, Any]) -> None:
        """Adds an entry to the log."""
        self.append_events(run, [(kind, payload)])

    def append_events(self, run: str, events: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Adds entries to the log, all or none."""
        with Session(self._engine) as session:
            session.add_all(EventRow(run=run, kind=kind, payload=data) for kind, data in events)
            session.commit()

    def events(self, run: str, kind: str) -> list[dict[str, Any]]:
        """Returns the payloads of one kind, in order."""
        with Session(self._engine) as session:
            rows = session.exec(
                select(EventRow.payload)
                .where(EventRow.run == run, EventRow.kind == kind)
                .order_by(col(EventRow.id))
            )
            return list(rows)


def _run_info(row: RunRow) -> RunInfo:
    return RunInfo(**{name: getattr(row, name) for name in RunInfo._fields})


def _trial_row(run: str, record: TrialRecord) -> dict[str, str]:
    content = record.model_dump(
        mode="json", exclude={"key", "candidate"}, exclude_defaults=True
    )
    return {
        "run": run,
        "key": record.key,
        "candidate": record.candidate,
        "record": json.dumps(content, separators=(",", ":"), ensure_ascii=False),
    }


def _record(row: TrialRow) -> TrialRecord:
    content = json.loads(row.record)
    return TrialRecord.model_validate({**content, "key": row.key, "candidate": row.candidate})
