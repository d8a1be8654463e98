"""A member's choice per community and purpose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Word


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


class Consent(Base):
    """The choice that holds now. No row: the member was never asked or never answered."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("member_id", "community_id", "purpose"), Index(None, "community_id", "purpose"))

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]


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
