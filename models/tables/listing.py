"""Needs and offers that members posted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.reading.listing_kinds import ListingKind
from models.tables.base import Base, RowId, Sealed, SealedBytes, TelegramId, Word, index_of_set, index_where


class ListingOutcome(StrEnum):
    """What came of a need or an offer, as its author says it."""

    # Somebody of the community helped, or took it.
    FOUND_HERE = "found_here"
    FOUND_ELSEWHERE = "found_elsewhere"
    # Nobody is looking, or offering, any more.
    NO_LONGER = "no_longer"


class Listing(Base):
    """A need or an offer: a draft until it is posted, then open until it expires or is closed."""

    __tablename__ = "listing"
    __table_args__ = (
        Index(None, "community_id", "expires_at"),
        index_of_set("message_id"),
        index_of_set("chat_id"),
        index_of_set("card_id"),
        # What may come to its end.
        index_where("ix_listing_not_closed", "closed_at IS NULL", "expires_at"),
    )

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # The message whose words these are; editing it changes the listing.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    # Where its card stands; NULL: found by those who look, posted nowhere.
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    telegram_thread_id: Mapped[TelegramId | None]
    # The delivery that posted the card.
    card_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))
    kind: Mapped[ListingKind] = mapped_column(Word(ListingKind))
    # What is needed or offered, in its author's words; the fields below hold what else they said.
    text: Mapped[Sealed]
    # All that they wrote of it, for them to change; NULL for those of before.
    line: Mapped[Sealed | None]
    quantity: Mapped[Sealed | None]
    place: Mapped[Sealed | None]
    audience: Mapped[Sealed | None]
    # Until when they need or offer it; the end of a day where they said no hour.
    until_at: Mapped[datetime | None]
    until_has_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    # NULL: a draft that only its author has seen.
    posted_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    # With an outcome: its author closed it; without one it ended by itself.
    closed_at: Mapped[datetime | None]
    outcome: Mapped[ListingOutcome | None] = mapped_column(Word(ListingOutcome))

    def is_open(self, now: datetime) -> bool:
        """Posted, and neither closed nor over."""
        return self.posted_at is not None and self.closed_at is None and self.expires_at > now


class ListingAnswer(Base):
    """Somebody can help, or is interested; its author was told who."""

    __tablename__ = "listing_answer"
    __table_args__ = (UniqueConstraint("listing_id", "member_id"),)

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    answered_at: Mapped[datetime]
    # Its author said that they did help; NULL also where nobody was asked.
    helped_at: Mapped[datetime | None]


class ListingMeaning(Base):
    """What an encoder made of a listing's words, so that it need not be made anew; it goes with them."""

    __tablename__ = "listing_meaning"

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), unique=True)
    # Another encoder's vectors compare with nobody's.
    encoder: Mapped[str]
    # Of the words it was made from; sealed, since few words are soon guessed.
    digest: Mapped[Sealed]
    vectors: Mapped[SealedBytes]
