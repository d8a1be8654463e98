"""Proposed introductions: a pair or trio, their answers and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, Word


class IntroductionKind(StrEnum):
    """How an introduction came about."""

    # One attendee picked another afterwards.
    EVENT = "event"
    # A round proposed it to both.
    ROUND = "round"
    # Somebody asked who knows something (/intro), and chose one of those found without their name.
    ASKED = "asked"


class Outcome(StrEnum):
    """What came of an introduction, as one side of it tells."""

    MET = "met"
    # They are asked once more.
    NOT_YET = "not_yet"
    WONT = "wont"


class Introduction(Base):
    """A proposal; names pass only after every side said yes."""

    __tablename__ = "introduction"

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    kind: Mapped[IntroductionKind] = mapped_column(Word(IntroductionKind), default=IntroductionKind.EVENT)
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
    # Why it was proposed to them, without a name; NULL: as the introduction says.
    reasons: Mapped[SealedJson | None]
    # NULL: silent; True or False: their answer.
    is_accepted: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    outcome_at: Mapped[datetime | None]
    # They say that it helped them.
    helped_at: Mapped[datetime | None]
    # How it went, for nobody else to read.
    sentence: Mapped[Sealed | None]
