"""The database of runs. One writer, the driver; readers may look at any time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlmodel import Session, col, select

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.errors import AgentlabError, InputError, UnknownReference, nearest
from agentlab.store.rows import candidate_of, candidate_row, record_of_row, trial_row
from agentlab.store.schema import migrate, open_engine, writing
from agentlab.store.tables import BlobRow, CandidateRow, EventRow, RunRow, TrialRow

__all__ = ["CandidateInfo", "Event", "RunInfo", "Store"]

_LONGEST_NUMBER = 5
"""Digits of a proposal's number; a longer reference is the beginning of a digest."""


class RunInfo(NamedTuple):
    """A run as it is listed."""

    name: str
    created_at: str
    """ISO 8601, UTC."""

    version: str
    """Version of agentlab that made it."""

    status: str
    experiment: dict[str, Any]
    """The resolved configuration, the seed in it."""

    result: dict[str, Any] | None
    """A `RunResult` as JSON; None until there is one."""


class CandidateInfo(NamedTuple):
    """A candidate without its files."""

    digest: str
    position: int
    """Order of arrival in its run, from 0 (the baseline)."""

    parent: str | None
    source: str
    label: str
    hypothesis: str
    number: int | None
    """The proposal's number from 1, the same as in its decision; 0 is the baseline.

    A candidate and what it became when it was rebased share a number. None: in no proposal."""


class Event(NamedTuple):
    """An entry of the log."""

    id: int
    """Grows with every entry."""

    kind: str
    payload: dict[str, Any]


class Store:
    """Runs, candidates, trials and the log."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Opens a database and migrates its schema.

        Args:
            url: `sqlite:///path` or `postgresql+psycopg://user@host/name`.
            read_only: Refuses writes; takes no lock, so that one can look while a run goes on.

        Raises:
            InputError: it cannot be opened, or another version made it.
        """
        self._engine = open_engine(url, read_only=read_only)
        self._writing_engine = writing(self._engine)
        self._run_ids: dict[str, int] = {}
        try:
            migrate(self._engine, read_only=read_only)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, url: str, *, read_only: bool = False) -> Store:
        """Returns the store at a URL, its schema brought up to date; see the constructor."""
        return cls(url, read_only=read_only)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def create_run(self, run: RunInfo) -> None:
        """Keeps a new run.

        Raises:
            InputError: there is one of that name.
        """
        try:
            with self._writing() as session:
                session.add(RunRow(**run._asdict()))
        except IntegrityError as error:
            raise InputError(f"run '{run.name}' is in this store already") from error

    def runs(self) -> list[RunInfo]:
        """Returns all runs, the oldest first."""
        with Session(self._engine) as session:
            rows = session.exec(select(RunRow).order_by(RunRow.created_at, col(RunRow.id))).all()
            return [_run_info(row) for row in rows]

    def run(self, name: str) -> RunInfo:
        """Returns a run.

        Raises:
            UnknownReference: there is none of that name.
        """
        with Session(self._engine) as session:
            return _run_info(session.get_one(RunRow, self._run_id(session, name)))

    def update_run(self, name: str, *, status: str, result: dict[str, Any] | None = None) -> None:
        """Changes what became of a run; a result that is not given stays."""
        with self._writing() as session:
            row = session.get_one(RunRow, self._run_id(session, name))
            row.status = status
            if result is not None:
                row.result = result

    def add_candidate(self, run: str, candidate: Candidate) -> None:
        """Keeps a candidate's files; the same candidate again changes nothing."""
        files = {path: digest(content) for path, content in candidate.files.items()}
        contents = {files[path]: content for path, content in candidate.files.items()}
        with self._writing() as session:
            run_id = self._run_id(session, run)
            if session.get(CandidateRow, (run_id, bytes.fromhex(candidate.digest))) is not None:
                return
            blobs = [
                {"digest": bytes.fromhex(address), "data": zlib.compress(content)}
                for address, content in contents.items()
            ]
            _insert_new(session, BlobRow, blobs)
            count = select(func.count()).where(col(CandidateRow.run_id) == run_id)
            session.add(candidate_row(run_id, session.exec(count).one(), candidate, files))

    def candidate(self, run: str, reference: str | int) -> Candidate:
        """Returns a candidate by its digest, the beginning of it, or its proposal's number.

        Args:
            run: The run's name.
            reference: At most five digits, as `7` or `#7`, are a number; 0 is the baseline. A
                proposal that was rebased is answered as it was measured.

        Raises:
            UnknownReference: there is none, or several.
        """
        address = self._digest(run, str(reference))
        with Session(self._engine) as session:
            key = (self._run_id(session, run), bytes.fromhex(address))
            row = session.get_one(CandidateRow, key)
            files = {
                path: zlib.decompress(session.get_one(BlobRow, bytes.fromhex(blob)).data)
                for path, blob in row.files.items()
            }
            return candidate_of(row, files)

    def candidates(self, run: str) -> list[CandidateInfo]:
        """Returns all candidates of a run without their files, the baseline first."""
        numbers: dict[str, int] = {}
        for number, addresses in sorted(self._proposals(run).items()):
            for address in addresses:
                numbers.setdefault(address, number)
        return [
            CandidateInfo(
                digest=row.digest.hex(),
                position=row.position,
                parent=row.parent.hex() if row.parent else None,
                source=row.about["source"],
                label=row.about["label"],
                hypothesis=row.about["hypothesis"],
                number=0 if row.position == 0 else numbers.get(row.digest.hex()),
            )
            for row in self._candidate_rows(run)
        ]

    def manifests(self, run: str) -> dict[str, dict[str, str]]:
        """Returns what the candidates of a run consist of: by digest, the blob of each path."""
        return {row.digest.hex(): row.files for row in self._candidate_rows(run)}

    def blob(self, address: str) -> bytes:
        """Returns the content at a blob's digest."""
        with Session(self._engine) as session:
            return zlib.decompress(session.get_one(BlobRow, bytes.fromhex(address)).data)

    def save_trials(self, run: str, records: Sequence[TrialRecord]) -> None:
        """Keeps trials in one transaction; a key that is there already is left as it is."""
        if not records:
            return
        with self._writing() as session:
            run_id = self._run_id(session, run)
            _insert_new(session, TrialRow, [trial_row(run_id, record) for record in records])

    def trial(self, run: str, key: str) -> TrialRecord | None:
        """Returns the trial of a key, or None."""
        with Session(self._engine) as session:
            wanted = select(TrialRow).where(
                TrialRow.run_id == self._run_id(session, run), TrialRow.key == bytes.fromhex(key)
            )
            row = session.exec(wanted).one_or_none()
            return record_of_row(row) if row else None

    def trials(
        self,
        run: str,
        *,
        candidate: str | None = None,
        split: SplitName | None = None,
        kind: Literal["solve", "prepare"] | None = None,
    ) -> list[TrialRecord]:
        """Returns trials of a run in the order in which they were saved.

        Args:
            run: The run's name.
            candidate: Only those of this candidate, by its whole digest.
            split: Only those on tasks of this split.
            kind: Only solutions, or only preparations.
        """
        with Session(self._engine) as session:
            wanted = select(TrialRow).where(TrialRow.run_id == self._run_id(session, run))
            if candidate is not None:
                wanted = wanted.where(TrialRow.candidate == bytes.fromhex(candidate))
            if split is not None:
                wanted = wanted.where(TrialRow.split == split)
            if kind is not None:
                wanted = wanted.where(TrialRow.kind == kind)
            return [record_of_row(row) for row in session.exec(wanted.order_by(col(TrialRow.id)))]

    def count_trials(self, run: str) -> int:
        """Returns how many trials of a run are finished."""
        with Session(self._engine) as session:
            run_id = self._run_id(session, run)
            return session.exec(select(func.count()).where(col(TrialRow.run_id) == run_id)).one()

    def append_event(self, run: str, kind: str, payload: dict[str, Any]) -> int:
        """Adds an entry to the log and returns its id."""
        return self.append_events(run, [(kind, payload)])[0]

    def append_events(self, run: str, events: Sequence[tuple[str, dict[str, Any]]]) -> list[int]:
        """Adds entries to the log, all or none, and returns their ids."""
        with self._writing() as session:
            run_id = self._run_id(session, run)
            rows = [EventRow(run_id=run_id, kind=kind, payload=data) for kind, data in events]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows if row.id is not None]

    def events(self, run: str, kind: str | None = None) -> list[dict[str, Any]]:
        """Returns the payloads of one kind, or of all, in order."""
        return [event.payload for event in self.log(run, kind)]

    def log(self, run: str, kind: str | None = None) -> list[Event]:
        """Returns the entries of one kind, or all, in order."""
        with Session(self._engine) as session:
            wanted = select(EventRow).where(EventRow.run_id == self._run_id(session, run))
            if kind is not None:
                wanted = wanted.where(EventRow.kind == kind)
            rows = session.exec(wanted.order_by(col(EventRow.id)))
            return [Event(row.id or 0, row.kind, row.payload) for row in rows]

    def decisions(self, run: str) -> list[Decision]:
        """Returns what was decided, in the order of the proposals."""
        entries = [entry for event in self.events(run, "decisions") for entry in event["decisions"]]
        return sorted(map(Decision.model_validate, entries), key=lambda decision: decision.number)

    def fingerprint(self, run: str) -> dict[str, str]:
        """Returns the versions that a run's outcomes depend on; empty until it is measured."""
        opened = self.events(run, "bench")
        return dict(opened[-1]["fingerprint"]) if opened else {}

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """One transaction that writes: whole, or not at all."""
        try:
            with Session(self._writing_engine) as session:
                yield session
                session.commit()
        except (InternalError, OperationalError) as error:
            raise AgentlabError(f"the store cannot be written: {error.orig}") from error

    def _run_id(self, session: Session, name: str) -> int:
        if name not in self._run_ids:
            found = session.exec(select(RunRow.id).where(RunRow.name == name)).one_or_none()
            if found is None:
                known = session.exec(select(RunRow.name)).all()
                raise UnknownReference(f"no run '{name}' in this store{nearest(name, known)}")
            self._run_ids[name] = found
        return self._run_ids[name]

    def _candidate_rows(self, run: str) -> Sequence[CandidateRow]:
        with Session(self._engine) as session:
            wanted = select(CandidateRow).where(CandidateRow.run_id == self._run_id(session, run))
            return session.exec(wanted.order_by(col(CandidateRow.position))).all()

    def _digest(self, run: str, reference: str) -> str:
        with Session(self._engine) as session:
            wanted = (
                select(CandidateRow.digest)
                .where(CandidateRow.run_id == self._run_id(session, run))
                .order_by(col(CandidateRow.position))
            )
            known = [address.hex() for address in session.exec(wanted)]
        if reference in known:
            return reference
        number = reference.removeprefix("#")
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            found = known[:1] if int(number) == 0 else self._proposals(run).get(int(number), ())[:1]
        else:
            found = [address for address in known if reference and address.startswith(reference)]
        if len(found) != 1:
            what = f"several candidates ({', '.join(found[:4])})" if found else "no candidate"
            raise UnknownReference(f"{what} '{reference}' in run '{run}'")
        return found[0]

    def _proposals(self, run: str) -> dict[int, list[str]]:
        """Returns by number the digest that was measured and, behind it, the one proposed."""
        found: dict[int, list[str]] = {}
        for batch in self.events(run, "proposed"):
            for place, address in enumerate(batch["candidates"]):
                found[batch["first_number"] + place] = [address]
        for decision in self.decisions(run):
            found[decision.number] = [decision.candidate, *found.get(decision.number, ())]
        return found


def _run_info(row: RunRow) -> RunInfo:
    return RunInfo(**{name: getattr(row, name) for name in RunInfo._fields})


def _insert_new(
    session: Session, table: type[BlobRow | TrialRow], rows: Sequence[dict[str, Any]]
) -> None:
    """Inserts rows; those that are there already are left as they are."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.connection().execute(insert(table).on_conflict_do_nothing(), rows)
