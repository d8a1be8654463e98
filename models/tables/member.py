"""People, what they prefer, and what ties them to a community."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, Sealed, SealedJson, TelegramId, Word, index_of_set


class Frequency(StrEnum):
    """How often a member gets a digest."""

    NEVER = "never"
    DAILY = "daily"
    # On Mondays.
    WEEKLY = "weekly"


class Role(StrEnum):
    """What a member is in a community: the highest of their standings over its chats."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Standing(StrEnum):
    """What somebody is in one chat, in Telegram's words."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    # There, and may not do all that others may.
    RESTRICTED = "restricted"
    LEFT = "left"
    # Banned, or removed.
    KICKED = "kicked"


# Those who are in the chat.
PRESENT = frozenset({Standing.CREATOR, Standing.ADMINISTRATOR, Standing.MEMBER, Standing.RESTRICTED})


# Those who run the chat.
ADMINISTRATING = frozenset({Standing.CREATOR, Standing.ADMINISTRATOR})


class MuteKind(StrEnum):
    """What a member may leave out, and what its target is."""

    # Nothing by them, no word of them; their member id.
    PERSON = "person"
    # Not put to them again: somebody of an introduction that named nobody; their member id. Nothing else is left out for it,
    # or what is missing would tell who it was.
    NAMELESS = "nameless"
    # No invitations of theirs; their member id.
    HOST = "host"
    # Nothing about it; its keyed hash, since it says what somebody does not like.
    KEYWORD = "keyword"
    # One recommended thing; its row id.
    THREAD = "thread"
    EVENT = "event"
    LISTING = "listing"
    # No introductions for it: a field of work, or a kind of introduction.
    SUBJECT = "subject"


class LinkAction(StrEnum):
    """What a deep link into the private chat goes on with."""

    CHOICES = "choices"
    HELP = "help"
    DIGEST = "digest"
    # One event; those coming up; those one hosts; a new one in this chat; what its hosts can do with it.
    EVENT = "event"
    EVENTS = "events"
    HOSTING = "hosting"
    NEW_EVENT = "new_event"
    MANAGE_EVENT = "manage_event"
    CO_HOST = "co_host"
    # The code at the door, and a guest's own.
    CHECK_IN = "check_in"
    TICKET = "ticket"
    # One need or offer, for its author; all of one's own.
    LISTING = "listing"
    LISTINGS = "listings"
    # Join the rounds of a community.
    ROUND = "round"
    # Admins: which two are never introduced, or together in the next round.
    PAIRS = "pairs"
    # Admins: what came of things, and what is missing.
    STATS = "stats"


class DialogueAction(StrEnum):
    """What a question in private is for: who goes on with its answer."""

    NEW_EVENT = "new_event"
    EDIT_EVENT = "edit_event"
    # A sentence beside the stars.
    RATE_EVENT = "rate_event"
    # A date of a series, a picture, a code: what hosts do besides.
    EVENT_TOOL = "event_tool"
    HOST_WORDS = "host_words"
    # Another line for a need or an offer.
    EDIT_LISTING = "edit_listing"
    # A sentence on how an introduction went.
    INTRODUCTION = "introduction"
    # Which two an admin means.
    PAIR = "pair"
    # A line of one's profile in other words, or a new one.
    PROFILE = "profile"


class Member(Base):
    """A person (or a bot, marked as such) that Klatch has heard of. Telegram's fake senders never get a row."""

    __tablename__ = "member"

    id: Mapped[RowId]
    telegram_id: Mapped[TelegramId] = mapped_column(unique=True)
    is_bot: Mapped[bool] = mapped_column(default=False)
    name: Mapped[Sealed]
    handle: Mapped[Sealed | None]
    handle_hash: Mapped[str | None] = mapped_column(index=True)
    # Keyed hash over name, handle and language: tells whether an update changes the row without decrypting it.
    profile_hash: Mapped[str | None]
    # What Telegram says of their client; what they chose themselves is `language`.
    client_language: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    # They cannot come when people meet in person; NULL: never asked.
    is_online_only: Mapped[bool | None]
    # They opened the private chat and did not block us: the only people Klatch can write to.
    reachable_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    digest: Mapped[Frequency | None] = mapped_column(Word(Frequency))
    digest_hour: Mapped[int | None]
    # Quiet from this hour until that one, in the member's zone; NULL: the installation's default.
    quiet_from_hour: Mapped[int | None]
    quiet_until_hour: Mapped[int | None]
    # Proactive private messages a week over all features; NULL: the default.
    attention_budget: Mapped[int | None]
    paused_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def is_reachable(self) -> bool:
        """True when a private message would arrive."""
        return self.reachable_at is not None and self.blocked_at is None


class Membership(Base):
    """What ties a member to a community: the highest role over its chats."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("member_id", "community_id"), Index(None, "community_id", "last_seen_at"))

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Word(Role), default=Role.MEMBER)
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]


class Presence(Base):
    """One member in one chat."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("chat_id", "member_id"),)

    id: Mapped[RowId]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    status: Mapped[Standing] = mapped_column(Word(Standing))
    since: Mapped[datetime]


class Mute(Base):
    """What a member asked to see less of; honoured by the very next send."""

    __tablename__ = "mute"
    __table_args__ = (UniqueConstraint("member_id", "kind", "target"),)

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[MuteKind] = mapped_column(Word(MuteKind))
    target: Mapped[str]
    until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Intent(Base):
    """A step that waits behind a deep link: what to resume when its owner presses Start."""

    __tablename__ = "intent"
    __table_args__ = (index_of_set("community_id"),)

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    # NULL: anyone may follow the link (a card in a group); otherwise only this member.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    action: Mapped[LinkAction] = mapped_column(Word(LinkAction))
    target_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Dialogue(Base):
    """The question a member was asked in private and has not answered yet; one at a time, it survives a restart."""

    __tablename__ = "dialogue"
    __table_args__ = (index_of_set("community_id"),)

    id: Mapped[RowId]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    # Who goes on with the answer, and at which question.
    action: Mapped[DialogueAction] = mapped_column(Word(DialogueAction))
    step: Mapped[str]
    target_id: Mapped[int | None]
    answers: Mapped[SealedJson]
    asked_at: Mapped[datetime]
