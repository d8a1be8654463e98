"""Needs and offers that members posted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, index_of_set


class Listing(Base):
    """A need or an offer, searchable until it expires or is closed."""

    __tablename__ = "listing"
    __table_args__ = (Index(None, "community_id", "expires_at"), index_of_set("message_id"))

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    # need or offer
    kind: Mapped[str]
    text: Mapped[Sealed]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
