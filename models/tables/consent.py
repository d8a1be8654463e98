"""A member's choice per community and purpose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId


class Consent(Base):
    """The choice that holds now. No row: the member was never asked or never answered."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("member_id", "community_id", "purpose"), Index(None, "community_id", "purpose"))

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    # record, learn, digest, introduce, invite
    purpose: Mapped[str]
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]


class ConsentDecision(Base):
    """Every choice ever made, with its date: the proof behind Consent. Append-only."""

    __tablename__ = "consent_decision"

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]
    # button, command, import, left, ...
    way: Mapped[str]
