"""The one door in, as rows: raw updates, and how far Telegram was acknowledged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, SealedBytes, TelegramId, index_where


class RawUpdate(Base):
    """An update as Telegram sent it, kept until its effects are committed and a while longer."""

    __tablename__ = "raw_update"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        # The worker's question, answered from an index that holds the backlog only.
        index_where("ix_raw_update_waiting", "done_at IS NULL AND quarantined_at IS NULL", "is_urgent", "id"),
        # Private chats only: what a person wrote to us, for when they are forgotten.
        index_where("ix_raw_update_in_private", "chat_telegram_id > 0", "chat_telegram_id"),
        Index(None, "received_at"),
    )

    id: Mapped[RowId]
    bot_id: Mapped[TelegramId]
    update_id: Mapped[TelegramId]
    # The update's field name, e.g. message_reaction; "unknown" for one that names none.
    kind: Mapped[str]
    # Somebody waits for the answer (a press, a command, a private message): handled before chatter.
    is_urgent: Mapped[bool]
    # So that forgetting a person or a chat finds their raw text.
    sender_telegram_id: Mapped[TelegramId | None] = mapped_column(index=True)
    chat_telegram_id: Mapped[TelegramId | None]
    # NULL once wiped: done and past retention, or its sender declined recording.
    payload: Mapped[SealedBytes | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]
    # Type and place of the failure; never what members wrote.
    error: Mapped[str | None] = mapped_column(String(500))
    n_attempts: Mapped[int] = mapped_column(default=0)


class IntakeOffset(Base):
    """How far one bot's updates were acknowledged, and when Telegram last answered."""

    __tablename__ = "intake_offset"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    next_update_id: Mapped[TelegramId]
    polled_at: Mapped[datetime]


class Fact(Base):
    """A named fact about this installation, e.g. the fingerprint of the key that wrote it."""

    __tablename__ = "fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
