"""Events in real rooms and online, and who comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed


class Event(Base):
    """Something with a start and a place."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "community_id", "starts_at"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    title: Mapped[Sealed]
    description: Mapped[Sealed | None]
    place: Mapped[Sealed | None]
    link: Mapped[Sealed | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    # The zone its wall-clock time was meant in.
    time_zone: Mapped[str]
    capacity: Mapped[int | None]
    # draft, published, cancelled
    status: Mapped[str] = mapped_column(default="published")
    # Stable name in calendars, and how often it changed there.
    calendar_uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class EventCard(Base):
    """Where an event's card stands: the delivery that posted it knows the chat and the message."""

    __tablename__ = "event_card"

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), unique=True)


class Rsvp(Base):
    """One member's standing answer to one event."""

    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # going, maybe, not_going, waitlisted
    status: Mapped[str]
    answered_at: Mapped[datetime]
    # Orders the waitlist; NULL unless waitlisted.
    waitlisted_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]


class EventRating(Base):
    """What an attendee thought of an event: 1 to 5 and perhaps one sentence."""

    __tablename__ = "event_rating"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    stars: Mapped[int]
    sentence: Mapped[Sealed | None]
    rated_at: Mapped[datetime]
