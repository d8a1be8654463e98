"""Proposed introductions: a pair or trio, their answers and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, SealedJson


class Introduction(Base):
    """A proposal; names pass only after every side said yes."""

    __tablename__ = "introduction"

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    # How it came about. event: one attendee picked another afterwards; later also round, ask, need.
    kind: Mapped[str] = mapped_column(default="event")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    reasons: Mapped[SealedJson]
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]


class IntroductionSide(Base):
    """One member's part in an introduction; a no is never shown to the other side.

    Whoever has been told of nothing has no row yet: not even an export of their own data says that somebody picked them.
    """

    __tablename__ = "introduction_side"
    __table_args__ = (UniqueConstraint("introduction_id", "member_id"),)

    id: Mapped[RowId]
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # Whom they picked of their own accord; NULL: the introduction was proposed to them.
    about_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # NULL: silent; True or False: their answer.
    is_accepted: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    # met, not_yet, not_going_to, ...
    outcome: Mapped[str | None]
    outcome_at: Mapped[datetime | None]
