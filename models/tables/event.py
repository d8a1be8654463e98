"""Events in real rooms and online, and who comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, TelegramId, Word, index_of_set


class EventStatus(StrEnum):
    """Where an event is in its life; that it is over says the clock, not a word."""

    # Only its creator has seen it.
    DRAFT = "draft"
    # It takes answers.
    PUBLISHED = "published"
    # Called off; its cards say so.
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """Who may come across an event."""

    # Everyone in it.
    COMMUNITY = "community"
    # Whoever sees its card or follows a link of it.
    LINK = "link"


class RsvpStatus(StrEnum):
    """What holds between a member and an event."""

    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    # They would go if there were a seat.
    WAITLISTED = "waitlisted"
    # A seat was offered to them and not taken in time.
    LAPSED = "lapsed"
    # They took their answer back.
    WITHDRAWN = "withdrawn"
    # They never answered, and were checked in unasked.
    NONE = "none"


# Who counts on the event: they have a seat, or wait for one.
IS_IN = (RsvpStatus.GOING, RsvpStatus.WAITLISTED)


# How long an event lasts that has no end, wherever that matters: answers, check-ins, ratings, calendars. Evenings run long:
# an hour too many in a calendar costs less than being asked for stars while one is still sitting there.
USUAL_LENGTH = timedelta(hours=3)


class EventSeries(Base):
    """Events that repeat on one rule; each instance is an Event of its own and may differ."""

    __tablename__ = "event_series"

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    # every, interval, week_of_month, until (ISO 8601), count: the fields of Recurrence in models/reading/recurrence.py.
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_starts_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Event(Base):
    """Something with a start and a place."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "community_id", "starts_at"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    # The chat it was announced in first: cards and mentions go there.
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"), index=True)
    telegram_thread_id: Mapped[TelegramId | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id", ondelete="SET NULL"), index=True)
    # The coming events of its series are made like this one; where none leads, the first does.
    leads_series: Mapped[bool] = mapped_column(default=False, server_default=false())
    title: Mapped[Sealed]
    description: Mapped[Sealed | None]
    place: Mapped[Sealed | None]
    # {"latitude": ..., "longitude": ...} in degrees (WGS 84), where the host sent a point on the map.
    position: Mapped[SealedJson | None]
    link: Mapped[Sealed | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    # The zone its wall-clock time was meant in.
    time_zone: Mapped[str]
    # People who fit, guests included; NULL: no limit.
    capacity: Mapped[int | None]
    # How many guests each member may bring.
    plus_ones: Mapped[int] = mapped_column(default=0)
    # Answers are taken until then; NULL: until it starts.
    rsvp_until: Mapped[datetime | None]
    # False: the card shows counts only, no names.
    shows_names: Mapped[bool] = mapped_column(default=True)
    visibility: Mapped[Visibility] = mapped_column(
        Word(Visibility), default=Visibility.COMMUNITY, server_default=text("'community'")
    )
    # Telegram's file id of a photo the host sent.
    picture: Mapped[Sealed | None]
    # What the host says aloud at the door.
    check_in_code: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[EventStatus] = mapped_column(Word(EventStatus), default=EventStatus.PUBLISHED)
    # Stable name in calendars, and how often it changed there.
    calendar_uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    # When people should see a difference last: another time, another place, cancelled; NULL: never.
    changed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    @property
    def over_at(self) -> datetime:
        """Its end, or the usual one."""
        return self.ends_at or self.starts_at + USUAL_LENGTH


class EventHost(Base):
    """A co-host: may do with the event what its host may."""

    __tablename__ = "event_host"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)


class EventCard(Base):
    """Where an event's card stands: the delivery that posted it knows the chat and the message."""

    __tablename__ = "event_card"

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), unique=True)


class Rsvp(Base):
    """One member's standing answer to one event."""

    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("event_id", "member_id"), index_of_set("offer_id"))

    id: Mapped[RowId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    status: Mapped[RsvpStatus] = mapped_column(Word(RsvpStatus))
    # Guests they bring; each needs a seat.
    guests: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime]
    # Orders the waitlist; NULL unless waitlisted.
    waitlisted_at: Mapped[datetime | None]
    # Going through the waitlist: the seat is held until then, and confirmed (NULL) by a press.
    claim_until: Mapped[datetime | None] = mapped_column(index=True)
    # The message that offered the seat.
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))
    # They said "still coming" when reminded.
    confirmed_at: Mapped[datetime | None]
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


class CalendarFeed(Base):
    """A member's secret calendar address; deleting the row revokes it."""

    __tablename__ = "calendar_feed"

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
