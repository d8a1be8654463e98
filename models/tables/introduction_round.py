"""Rounds: one matching for everybody who joined, every week or month."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId


class Round(Base):
    """One round of a community: made once at its hour, in parts that survive a restart."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("community_id", "due_at"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    # NULL: still being made.
    made_at: Mapped[datetime | None]
    # How many took part, how many of them were introduced, and how far from the best the choice may be (0: it is the best).
    n_people: Mapped[int] = mapped_column(default=0)
    n_introduced: Mapped[int] = mapped_column(default=0)
    gap: Mapped[float] = mapped_column(default=0.0)


class RoundPlace(Base):
    """A member who joined the rounds of a community: their yes to be introduced in each, until they leave."""

    __tablename__ = "round_place"
    __table_args__ = (UniqueConstraint("community_id", "member_id"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    joined_at: Mapped[datetime]
    # Rounds in a row that introduced them and of which they did nothing.
    n_silent: Mapped[int] = mapped_column(default=0)
    # They were silent too often: out until they join again.
    rested_at: Mapped[datetime | None]
    # The last round found nobody for them: they come first in the next.
    left_out_at: Mapped[datetime | None]
