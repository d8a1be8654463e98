"""The timetable as rows, so that nothing is lost over a restart and nothing runs twice."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId


class JobName(StrEnum):
    """What runs by itself or is asked for; each is the module of its name in jobs/, and a line of its timetable."""

    CONTINUE_SERIES = "continue_series"
    FOLLOW_UP_EVENTS = "follow_up_events"
    REMIND_OF_EVENTS = "remind_of_events"
    PROPOSE_INTRODUCTIONS = "propose_introductions"
    PASS_ON_SEATS = "pass_on_seats"  # noqa: S105  # "pass" begins no password
    ASK_AFTER_LISTINGS = "ask_after_listings"
    ASK_AFTER_INTRODUCTIONS = "ask_after_introductions"
    NOTICE_LISTINGS = "notice_listings"
    MATCH_LISTINGS = "match_listings"
    MAKE_ROUNDS = "make_rounds"
    WEAVE_THREADS = "weave_threads"
    SEND_DIGESTS = "send_digests"
    RESCUE_QUESTIONS = "rescue_questions"
    WELCOME_NEWCOMERS = "welcome_newcomers"
    INVITE_TO_EVENTS = "invite_to_events"
    SUGGEST_PEOPLE_TO_MEET = "suggest_people_to_meet"
    REPORT_ON_EVENTS = "report_on_events"
    TRAIN_RECOMMENDER = "train_recommender"
    TRAIN_INTERACTION_MODEL = "train_interaction_model"
    TRAIN_INVITATION_MODEL = "train_invitation_model"
    APPLY_RETENTION = "apply_retention"


class DueJob(Base):
    """A job that is due some time: an entry of the timetable (kept) or a deferred call (deleted when done)."""

    __tablename__ = "due_job"
    __table_args__ = (UniqueConstraint("name", "key"), Index(None, "due_at"))

    id: Mapped[RowId]
    # A JobName; a row of a version that had other jobs is kept until the timetable drops it.
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
