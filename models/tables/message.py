"""What was written where: messages, reactions, mentions, polls, and the threads they form."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, TelegramId, Word, index_where


class Tie(StrEnum):
    """How a message came into its thread."""

    # It begins one.
    HEAD = "head"
    # By Telegram's own reply link.
    REPLY = "reply"
    # Without a link, and surely: what is told to people may rest on it.
    CERTAIN = "certain"
    # Without a link, and likely: good for learning and for what is shown together, never told as a fact.
    PROBABLE = "probable"
    # Not at all: a command, words to a bot, or talk about those.
    ASIDE = "aside"


class Sender(StrEnum):
    """Who a message is by."""

    MEMBER = "member"
    BOT = "bot"
    # An admin who speaks as the group itself.
    ANONYMOUS_ADMIN = "anonymous_admin"
    CHANNEL = "channel"
    # A channel's post in its discussion group.
    AUTOMATIC_FORWARD = "automatic_forward"
    # An account that is gone, as an export tells it.
    DELETED = "deleted"
    # Telegram itself.
    SERVICE = "service"
    # Somebody who declined being recorded, or was erased.
    WITHHELD = "withheld"
    # Never heard: only a reaction told of it.
    UNSEEN = "unseen"


class Origin(StrEnum):
    """How a message came to us."""

    LIVE = "live"
    IMPORT = "import"


# What may show members whom it is neither by nor to: a forward's origin, who came and left, what was pinned.
SHOWS_OTHERS = (
    "is_forward OR kind IN ('service:new_chat_members', 'service:left_chat_member', 'service:pinned_message')"
)


class Message(Base):
    """One message of a chat as it stands now (edits replace the text)."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("chat_id", "telegram_message_id"),
        Index(None, "chat_id", "sent_at"),
        Index(None, "member_id", "sent_at"),
        # Few, and read whole when a member of the chat is forgotten.
        index_where("ix_message_shows_others", SHOWS_OTHERS, "chat_id"),
    )

    id: Mapped[RowId]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    telegram_message_id: Mapped[TelegramId]
    telegram_thread_id: Mapped[TelegramId | None]
    # NULL: nobody we may model (anonymous admin, channel, erased member, a member who declined recording).
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    sender: Mapped[Sender] = mapped_column(Word(Sender))
    # text, photo, voice, poll, service:pinned_message, ...: Telegram's own field names.
    kind: Mapped[str]
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    text: Mapped[Sealed | None]
    reply_to_telegram_id: Mapped[TelegramId | None]
    # Author of the message replied to, when known. Indexed so that erasing a member need not read every message.
    reply_to_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    is_forward: Mapped[bool] = mapped_column(default=False)
    n_links: Mapped[int] = mapped_column(default=0)
    pinned_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    source: Mapped[Origin] = mapped_column(Word(Origin), default=Origin.LIVE)
    # Links, entities, forward origin, file names and whatever else was told; never needed for a rule.
    details: Mapped[SealedJson | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"), index=True)
    # NULL: not looked at yet, or nobody's we may weave.
    tie: Mapped[Tie | None] = mapped_column(Word(Tie))
    # The row of the message it answers or goes on with; that one may be gone by now.
    answers_id: Mapped[int | None] = mapped_column(BigInteger)
    # Every step from here to the thread's first message is a reply or certain.
    is_certain: Mapped[bool] = mapped_column(default=False, server_default=false())


class Mention(Base):
    """A member named in a message: by handle (keyed hash) or by id."""

    __tablename__ = "mention"

    id: Mapped[RowId]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    handle_hash: Mapped[str | None] = mapped_column(index=True)


class Reaction(Base):
    """A reaction that stands now; what happened when is in Interaction."""

    __tablename__ = "reaction"
    __table_args__ = (UniqueConstraint("message_id", "member_id", "emoji"),)

    id: Mapped[RowId]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # The emoji itself, custom:<id>, or paid.
    emoji: Mapped[str]
    reacted_at: Mapped[datetime]


class ReactionCount(Base):
    """Anonymous reactions of one message, as last counted by Telegram; nobody is credited with them."""

    __tablename__ = "reaction_count"
    __table_args__ = (UniqueConstraint("message_id", "emoji"),)

    id: Mapped[RowId]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    emoji: Mapped[str]
    n_reactions: Mapped[int]
    counted_at: Mapped[datetime]


class PollAnswer(Base):
    """One member's standing answer to a poll of ours; an empty list is a retracted vote."""

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("telegram_poll_id", "member_id"),)

    id: Mapped[RowId]
    telegram_poll_id: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    options: Mapped[list[int]] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(index=True)


class Thread(Base):
    """Messages tied by replies or by closeness in time and topic: the unit a digest recommends.

    What may be told of it is worked out from its messages (models/domain/conversations); here stands what it is found by.
    """

    __tablename__ = "thread"
    __table_args__ = (Index(None, "community_id", "last_at"),)

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"), index=True)
    last_at: Mapped[datetime]
    keywords: Mapped[SealedJson | None]
