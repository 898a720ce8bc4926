"""The shape of the tables. They never leave this package: values of the core travel instead."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

__all__ = ["BlobRow", "CandidateRow", "EventRow", "RunRow", "TrialRow"]


class RunRow(SQLModel, table=True):
    """One execution of an experiment."""

    __tablename__ = "run"

    name: str = Field(primary_key=True)
    created_at: str
    """ISO 8601, UTC."""

    version: str
    """Version of agentlab that made it."""

    status: str
    experiment: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """The resolved configuration."""

    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class BlobRow(SQLModel, table=True):
    """The content of a file, once for all candidates that hold it."""

    __tablename__ = "blob"

    digest: str = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Compressed with zlib."""


class CandidateRow(SQLModel, table=True):
    """One version of the target."""

    __tablename__ = "candidate"
    __table_args__ = (ForeignKeyConstraint(["run"], ["run.name"]),)

    run: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    position: int
    """Order of arrival in its run, from 0 (the baseline)."""

    parent: str | None
    source: str
    label: str
    hypothesis: str
    provenance: str
    files: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """Digest of the content by path."""


class TrialRow(SQLModel, table=True):
    """A finished trial."""

    __tablename__ = "trial"
    __table_args__ = (ForeignKeyConstraint(["run"], ["run.name"]),)

    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    candidate: str = Field(index=True)
    record: str
    """The rest of the record: compact JSON without what is at its default."""


class EventRow(SQLModel, table=True):
    """An entry of the log, in order."""

    __tablename__ = "event"
    __table_args__ = (ForeignKeyConstraint(["run"], ["run.name"]),)

    id: int | None = Field(default=None, primary_key=True)
    run: str = Field(index=True)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
