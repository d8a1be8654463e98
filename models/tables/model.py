"""Learned models and the verdicts on them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, SealedBytes, Word


class ModelName(StrEnum):
    """What a model is for."""

    # Weighs the sources that digests choose from.
    RECOMMENDER = "recommender"
    # P(a member joins a thread).
    INTERACTION_MODEL = "interaction_model"
    # P(a member says anything at all).
    ACTIVITY_MODEL = "activity_model"
    # P(a member says yes to an event).
    INVITATION_MODEL = "invitation_model"


class ModelStatus(StrEnum):
    """What became of a training's result."""

    # It serves.
    CHAMPION = "champion"
    # It served, until a better one came or somebody it knew was erased.
    RETIRED = "retired"
    # Not better than what is there.
    KEPT_OUT = "kept_out"
    UNREADABLE = "unreadable"


class TrainedModel(Base):
    """One training's result: its artefact, what it was measured against, and whether it serves."""

    __tablename__ = "trained_model"
    __table_args__ = (Index(None, "community_id", "name", "status"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    name: Mapped[ModelName] = mapped_column(Word(ModelName))
    status: Mapped[ModelStatus] = mapped_column(Word(ModelStatus))
    artefact: Mapped[SealedBytes | None]
    trained_from: Mapped[datetime]
    trained_until: Mapped[datetime]
    evaluated_until: Mapped[datetime]
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Why it was promoted or kept out, as a text key.
    verdict: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
