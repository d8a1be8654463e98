"""What is inferred about a member, line by line, and what they say to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, Word, index_of_set


class ProfileKind(StrEnum):
    """What a line is about."""

    # What they build or do, in their own words.
    PROJECT = "project"
    # A field of a founder's work; its key, or words of their own.
    FIELD = "field"
    PLACE = "place"
    # One they write in; its code, or words of their own.
    LANGUAGE = "language"


class ProfileState(StrEnum):
    """What a member said to a line."""

    # Nothing yet: nobody else is told, and nothing rests on it.
    INFERRED = "inferred"
    CONFIRMED = "confirmed"
    # In words of their own.
    CORRECTED = "corrected"
    # Never inferred again; it holds no words any more.
    REMOVED = "removed"


class ProfileFact(Base):
    """One line about a member in one community."""

    __tablename__ = "profile_fact"
    __table_args__ = (Index(None, "community_id", "state"), index_of_set("message_id"))

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    kind: Mapped[ProfileKind] = mapped_column(Word(ProfileKind))
    # NULL: removed.
    words: Mapped[Sealed | None]
    # Keyed hash of what was inferred, by which it is known again; NULL for what they added themselves.
    inferred_hash: Mapped[str | None]
    # The message it was taken from, and why, as reasons are: {"key": ..., "values": {...}}.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    source: Mapped[SealedJson | None]
    state: Mapped[ProfileState] = mapped_column(Word(ProfileState))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
