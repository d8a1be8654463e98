"""What was recommended to whom, why, and what they did then."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, RowIdType, SealedJson, Word, index_of_set


class Recommended(StrEnum):
    """What can be recommended; `item_id` is its row."""

    THREAD = "thread"
    EVENT = "event"
    LISTING = "listing"
    # A member, to be met.
    PERSON = "person"


class Response(StrEnum):
    """What a member did with it, as far as a bot can see."""

    # Pressed under the message.
    LIKE = "like"
    LESS = "less"
    NOT_PERSON = "not_person"
    # Wrote or reacted in the thread afterwards.
    JOINED = "joined"
    REACTED = "reacted"
    # Answered the event; of an invitation, how (as RsvpStatus).
    RSVP = "rsvp"
    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"
    # Said that they met the person.
    MET = "met"


class Recommendation(Base):
    """One item chosen for one member."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index(None, "member_id", "item_kind", "item_id"),
        # Who was told of an event or of a person.
        Index(None, "item_kind", "item_id"),
        Index(None, "community_id", "created_at"),
        index_of_set("model_id"),
    )

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    item_kind: Mapped[Recommended] = mapped_column(Word(Recommended))
    item_id: Mapped[int]
    # Where a person was suggested to be met, without a key like item_id; NULL for everything else.
    event_id: Mapped[int | None] = mapped_column(RowIdType, index=True)
    # Which candidate source found it, and its place in the message, from 0.
    source: Mapped[str]
    position: Mapped[int]
    score: Mapped[float]
    # Calibrated P(they do it), where a model served.
    probability: Mapped[float | None]
    # How probable this choice was under exploration, for offline policy comparison; 1.0 when greedy.
    propensity: Mapped[float] = mapped_column(default=1.0)
    reasons: Mapped[SealedJson]
    model_id: Mapped[int | None] = mapped_column(ForeignKey("trained_model.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    acted_at: Mapped[datetime | None]
    action: Mapped[Response | None] = mapped_column(Word(Response))
