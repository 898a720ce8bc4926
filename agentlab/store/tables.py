"""The shape of the tables. They never leave this package: values of the core travel instead."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

__all__ = ["BlobRow", "CandidateRow", "EventRow", "RunRow", "TrialRow"]


class RunRow(SQLModel, table=True):
    """One execution of an experiment."""

    __tablename__ = "run"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: str
    """ISO 8601, UTC."""

    version: str
    """Version of agentlab that made it."""

    status: str
    experiment: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """The resolved configuration."""

    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    """How it ended; NULL until then."""


class BlobRow(SQLModel, table=True):
    """The content of a file, once for all candidates that hold it."""

    __tablename__ = "blob"

    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    """Content address, 16 bytes, as all digests here."""

    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Compressed with zlib."""


class CandidateRow(SQLModel, table=True):
    """One version of the target."""

    __tablename__ = "candidate"

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    position: int
    """Order of arrival in its run, from 0 (the baseline)."""

    parent: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    about: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """Hypothesis, source, label and provenance. JSON holds any text; a column of text on
    PostgreSQL holds no NUL, which a model may well write."""

    files: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """Digest of the content by path, in hex."""


class TrialRow(SQLModel, table=True):
    """A finished trial."""

    __tablename__ = "trial"
    __table_args__ = (UniqueConstraint("run_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    candidate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kind: str
    split: str | None
    record: str
    """The rest of the record: compact JSON without what is at its default."""

    items: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    """Per-item scores, column by column, JSON compressed with zlib."""


class EventRow(SQLModel, table=True):
    """An entry of the log, in order."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
