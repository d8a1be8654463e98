"""What members asked for in private (/intro), and who was found for it without a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, index_of_set


class Inquiry(Base):
    """One question of one member: who knows this?"""

    __tablename__ = "inquiry"
    __table_args__ = (Index(None, "asked_at"),)

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    question: Mapped[Sealed]
    asked_at: Mapped[datetime]


class InquiryCandidate(Base):
    """One who may know it, as the asker sees them: a number. Neither side's own data say who the other is.

    So its columns are named as no owner's are (models/domain/erasure/personal_data.py); it goes with either.
    """

    __tablename__ = "inquiry_candidate"
    __table_args__ = (UniqueConstraint("inquiry_id", "position"), index_of_set("introduction_id"))

    id: Mapped[RowId]
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # Its place in the list, from 0.
    position: Mapped[int]
    # What either side is told: {"topic": ..., "asker": [...], "helper": [...]}, as reasons are.
    facts: Mapped[SealedJson]
    # Asked; NULL: not yet.
    introduction_id: Mapped[int | None] = mapped_column(ForeignKey("introduction.id", ondelete="SET NULL"))
