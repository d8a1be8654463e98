"""A member's choice per community and purpose."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, event, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Word, index_where
from models.tables.community import Community
from models.tables.member import Member

# A time to look at somebody that has come already.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
# What decides when a member's digest leaves, besides the installation's defaults.
OF_MEMBER = ("digest", "digest_hour", "quiet_from_hour", "quiet_until_hour", "time_zone")
OF_COMMUNITY = ("time_zone",)


class Purpose(StrEnum):
    """What a member may allow in one community."""

    # Keep what they write there: what the service itself needs, announced in the group; it holds until declined.
    RECORD = "record"
    # Learn from it, and quote and name them to others.
    LEARN = "learn"
    # Send them digests.
    DIGEST = "digest"
    # Invite them to events.
    INVITE = "invite"
    # Introduce them to others, and suggest whom to meet.
    INTRODUCE = "introduce"


class Way(StrEnum):
    """How a choice was made."""

    # A press, in the group or in private.
    BUTTON = "button"
    # /stop.
    COMMAND = "command"


def _first_look(context: Any) -> datetime | None:
    return AT_ONCE if context.get_current_parameters()["purpose"] == Purpose.DIGEST else None


class Consent(Base):
    """The choice that holds now. No row: the member was never asked or never answered."""

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("member_id", "community_id", "purpose"),
        Index(None, "community_id", "purpose"),
        # The hourly question: whose digest is due?
        index_where("ix_consent_digest_due", "digest_due_at IS NOT NULL", "community_id", "digest_due_at", "id"),
    )

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]
    # Of DIGEST alone: when the member is looked at next, never later than their digest is due (domain/digests/due.py);
    # NULL: not before something changes.
    digest_due_at: Mapped[datetime | None] = mapped_column(default=_first_look)


@event.listens_for(Member, "after_update")
def _look_at_member_again(_: Any, connection: Connection, member: Member) -> None:
    """Whatever sets a choice of theirs, by whichever button: their hour is worked out anew."""
    if _has_changed(member, OF_MEMBER):
        connection.execute(look_again().where(Consent.member_id == member.id))


@event.listens_for(Community, "after_update")
def _look_at_all_again(_: Any, connection: Connection, community: Community) -> None:
    """Its zone is that of all who chose none."""
    if _has_changed(community, OF_COMMUNITY):
        connection.execute(look_again().where(Consent.community_id == community.id))


def look_again() -> Any:
    """The statement that puts those with a digest before everybody else at the next look; narrow it down."""
    table = Consent.__table__
    is_wanted = (Consent.purpose == Purpose.DIGEST, Consent.is_given.is_(True))
    return update(table).where(*is_wanted).values(digest_due_at=AT_ONCE)  # type: ignore[arg-type]


def _has_changed(row: Any, names: tuple[str, ...]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)


class ConsentDecision(Base):
    """Every choice ever made, with its date: the proof behind Consent. Append-only."""

    __tablename__ = "consent_decision"

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]
    way: Mapped[Way] = mapped_column(Word(Way))
