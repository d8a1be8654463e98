"""The tenant and the chats that belong to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, TelegramId, Word, index_of_set
from models.tables.member import Standing


class ChatKind(StrEnum):
    """Telegram's own kinds of chats."""

    PRIVATE = "private"
    GROUP = "group"
    # A group that may have topics, and ids of its own.
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


# Where people talk with each other.
GROUPS = frozenset({ChatKind.GROUP, ChatKind.SUPERGROUP})


class Community(Base):
    """One or more chats that share members, settings and models."""

    __tablename__ = "community"

    id: Mapped[RowId]
    name: Mapped[Sealed]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    # What admins chose besides, and what was proposed to them once: rights.py and community_choices.py of domain/members.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]


class Chat(Base):
    """A Telegram group, supergroup, channel or private chat that Klatch has heard of."""

    __tablename__ = "chat"
    __table_args__ = (index_of_set("migrated_to_id"),)

    id: Mapped[RowId]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id", ondelete="SET NULL"), index=True)
    telegram_id: Mapped[TelegramId] = mapped_column(unique=True)
    kind: Mapped[ChatKind] = mapped_column(Word(ChatKind))
    title: Mapped[Sealed | None]
    handle: Mapped[Sealed | None]
    is_forum: Mapped[bool] = mapped_column(default=False)
    # Our own standing there; None until Telegram told us.
    bot_status: Mapped[Standing | None] = mapped_column(Word(Standing))
    # Members heard so far that the chat was asked about consent for; None: never asked.
    consent_asked_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    gone_reason: Mapped[str | None]
    migrated_to_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    last_heard_at: Mapped[datetime | None]


class Topic(Base):
    """A forum topic; its name is only ever learned from the messages that create or rename it."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("chat_id", "telegram_thread_id"),)

    id: Mapped[RowId]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    telegram_thread_id: Mapped[TelegramId]
    name: Mapped[Sealed | None]
    is_closed: Mapped[bool] = mapped_column(default=False)
