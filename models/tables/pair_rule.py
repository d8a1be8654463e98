"""What admins decided about introducing two members; for nobody else to see."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Word


class Decision(StrEnum):
    """What holds for two members."""

    # They are never introduced.
    NEVER = "never"
    # They are in the next round together, if both take part.
    MUST = "must"


class PairRule(Base):
    """One decision about two members. It has no owner: in no export of either does it say that they were decided about."""

    __tablename__ = "pair_rule"

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"), index=True)
    # The lower member id of the two.
    one_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    decision: Mapped[Decision] = mapped_column(Word(Decision))
    decided_at: Mapped[datetime]
