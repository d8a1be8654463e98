"""Learned models and the verdicts on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, SealedBytes


class TrainedModel(Base):
    """One training's result: its artefact, what it was measured against, and whether it serves."""

    __tablename__ = "trained_model"
    __table_args__ = (Index(None, "community_id", "name", "status"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    # recommender, interaction_model, activity_model, invitation_model
    name: Mapped[str]
    # champion, retired, kept_out, unreadable
    status: Mapped[str]
    artefact: Mapped[SealedBytes | None]
    trained_from: Mapped[datetime]
    trained_until: Mapped[datetime]
    evaluated_until: Mapped[datetime]
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Why it was promoted or kept out, as a text key.
    verdict: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
