"""The timetable as rows, so that nothing is lost over a restart and nothing runs twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId


class DueJob(Base):
    """A job that is due some time: an entry of the timetable (kept) or a deferred call (deleted when done)."""

    __tablename__ = "due_job"
    __table_args__ = (UniqueConstraint("name", "key"), Index(None, "due_at"))

    id: Mapped[RowId]
    name: Mapped[str]
    # Two rows never share name and key: one community is trained once at a time. Empty for the timetable's own.
    key: Mapped[str] = mapped_column(String(120), default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_recurring: Mapped[bool]
    due_at: Mapped[datetime]
    # Called again while it ran: when it is due once more. A call that waits only pulls due_at forward.
    again_at: Mapped[datetime | None]
    # A lease that has run out belongs to a killed worker: the job is due again.
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    last_started_at: Mapped[datetime | None]
    last_finished_at: Mapped[datetime | None]
    # One line in plain words, fit for an admin.
    last_outcome: Mapped[str | None] = mapped_column(String(500))
    n_failures: Mapped[int] = mapped_column(default=0)
