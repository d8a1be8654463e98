"""The one door out, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, RowIdType, SealedJson, TelegramId, Word, index_where


class DeliveryKind(StrEnum):
    """What is sent; how each is treated is in domain/sending/policies.py."""

    # To whoever just wrote or pressed: a message, a change of one, a sign that it arrived.
    REPLY = "reply"
    ANSWER = "answer"
    RECEIPT = "receipt"
    # The question whether to be counted in.
    CONSENT = "consent"
    # What a member's own event, seat, listing or introduction came to.
    PROMOTION = "promotion"
    NOTICE = "notice"
    REMINDER = "reminder"
    INTRODUCTION = "introduction"
    FOLLOW_UP = "follow_up"
    # Posts in a group, and their changes.
    CARD = "card"
    CARD_EDIT = "card_edit"
    REPORT = "report"
    # Pushes: nobody asked for them.
    INVITE = "invite"
    PEOPLE_TO_MEET = "people_to_meet"
    PROPOSAL = "proposal"
    DIGEST = "digest"
    # A question that nobody answered, which they may know.
    QUESTION = "question"
    # A message of theirs sounds like a need or an offer.
    LISTING_HINT = "listing_hint"
    # To somebody new: what they said of themselves, and where to begin.
    WELCOME = "welcome"


class Subject(StrEnum):
    """What a delivery can be about; `about_id` is its row."""

    EVENT = "event"
    INTRODUCTION = "introduction"
    # What is kept of a member; their file.
    MEMBER = "member"
    # A group and its newcomers.
    CHAT = "chat"
    # A message that shows, for as long as it does: who comes to an event, a draft of one, a question about a host's line
    # (the member; 0 for an anonymous admin), events coming up (their reader).
    GUEST_LIST = "guest_list"
    DRAFT = "draft"
    EVENT_LINE = "event_line"
    EVENT_LIST = "event_list"
    # A host's words to those who come to an event.
    HOST_WORDS = "host_words"
    # A round of introductions.
    ROUND = "round"
    # A need or an offer; the preview of one, for as long as it shows.
    LISTING = "listing"
    LISTING_DRAFT = "listing_draft"


class Failure(StrEnum):
    """Why something waits or never goes, as our own rules say it; what Telegram refuses is told in its words."""

    # Decided before it leaves; the last three hold it back, and drop what would expire meanwhile.
    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    MUTED = "muted"
    OUTDATED = "outdated"
    PAUSED = "paused"
    BUDGET = "budget"
    QUIET_HOURS = "quiet_hours"
    # Nothing to send, or nowhere.
    EXPIRED = "expired"
    GAVE_UP = "gave_up"
    CHAT_IS_GONE = "chat_is_gone"
    NOTHING_TO_EDIT = "nothing_to_edit"
    # A newer version wrote it.
    UNKNOWN_KIND = "unknown_kind"
    # Taken back, or replaced by a newer change of the same message.
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    # It may have arrived; saying it twice would be worse.
    IN_DOUBT = "in_doubt"


class Delivery(Base):
    """One outgoing message or edit: why, when due, claimed, sent, failed, acted upon."""

    __tablename__ = "delivery"
    __table_args__ = (
        index_where("ix_delivery_waiting", "sent_at IS NULL AND failed_at IS NULL", "due_at"),
        # Few rows at any time: who is being written to just now.
        index_where(
            "ix_delivery_in_flight", "claimed_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL", "claimed_at"
        ),
        Index(None, "member_id", "sent_at"),
        # For retention: what is old, and what of it still holds words.
        Index(None, "created_at"),
        index_where("ix_delivery_in_words", "payload IS NOT NULL", "created_at"),
        # From a message that somebody presses or answers back to what was said.
        Index("ix_delivery_said_to_member", "member_id", "telegram_message_id"),
        Index("ix_delivery_said_in_chat", "chat_id", "telegram_message_id"),
        # What was said about one event, listing or introduction.
        index_where("ix_delivery_about", "about_id IS NOT NULL", "about_kind", "about_id", "what"),
    )

    id: Mapped[RowId]
    kind: Mapped[DeliveryKind] = mapped_column(Word(DeliveryKind))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id", ondelete="SET NULL"), index=True)
    # Exactly one destination: a member's private chat, or a chat.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    telegram_thread_id: Mapped[TelegramId | None]
    # A Bot API method and its parameters without the destination; wiped (NULL) some weeks after it was settled.
    method: Mapped[str]
    payload: Mapped[SealedJson | None]
    reasons: Mapped[SealedJson | None]
    # An edit names the delivery whose message it changes; newer unsent edits of one message replace older ones.
    edits_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    # What it is about, for whoever looks for it, and what is said of it (invite, rate, ...).
    about_kind: Mapped[Subject | None] = mapped_column(Word(Subject))
    about_id: Mapped[int | None] = mapped_column(RowIdType)
    what: Mapped[str | None]
    # The start of the event, as it was when this was written: of a moved event everything is said anew.
    about_at: Mapped[datetime | None]
    # At most one delivery ever with this key; it is never searched. NULL again when it may be said once more.
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    priority: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    n_attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    telegram_message_id: Mapped[TelegramId | None]
    failed_at: Mapped[datetime | None]
    # A Failure, or what Telegram or a fault of ours said: "refused: message to edit not found", "unexpected: KeyError".
    failure: Mapped[str | None] = mapped_column(String(300))
    acted_at: Mapped[datetime | None]
