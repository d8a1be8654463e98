"""One thing one member did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Word, index_of_set


class InteractionKind(StrEnum):
    """What a member did."""

    MESSAGE = "message"
    # A message that answers another.
    REPLY = "reply"
    REACTION = "reaction"
    # Named another member.
    MENTION = "mention"
    # Passed links on; `value` says how many.
    LINK = "link"
    JOIN = "join"
    LEAVE = "leave"
    # Answered an event; the answer is in `what`.
    RSVP = "rsvp"
    CHECK_IN = "check_in"
    # Gave stars; how many is in `what`.
    RATING = "rating"
    # Says that they met another member at an event.
    MET = "met"
    # Pressed a control under something recommended.
    FEEDBACK = "feedback"


class Interaction(Base):
    """Message, reply, reaction, mention, link, join, leave, RSVP, check-in, click or feedback. Append-only."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index(None, "community_id", "at"),
        Index(None, "member_id", "at"),
        # By the chat alone nearly all would be found.
        Index(None, "chat_id", "member_id"),
        # Few interactions have one: the busiest table pays for these indexes only where they are set.
        index_of_set("event_id"),
        index_of_set("recommendation_id"),
    )

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[InteractionKind] = mapped_column(Word(InteractionKind))
    at: Mapped[datetime]
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    # The other side: who was answered, mentioned, reacted to.
    about_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id", ondelete="SET NULL"))
    # +1 set, -1 withdrawn; the emoji, answer or button is in `what`.
    value: Mapped[int] = mapped_column(default=1)
    what: Mapped[str | None]
