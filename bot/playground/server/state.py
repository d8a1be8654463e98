"""The rows of the local Telegram: people, bots, chats, members, messages. Plain data; the rules live beside it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.playground.server.snapshots import ChatKey, Json

ChatKind = Literal["private", "group", "supergroup", "channel"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

# Accounts that Telegram itself puts into `from` when a chat speaks (SRV Client.cpp, see the README's table).
TELEGRAM_ID = 777000
CHANNEL_BOT_ID = 136817688
GROUP_ANONYMOUS_BOT_ID = 1087968824

# The thread id of a forum's General topic; its messages carry no message_thread_id.
GENERAL_TOPIC_ID = 1

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
# What members of a new group may do; Telegram's own default for supergroups.
DEFAULT_PERMISSIONS = {
    name: name not in {"can_change_info", "can_pin_messages", "can_manage_topics", "can_edit_tag"}
    for name in PERMISSIONS
}


@dataclass(slots=True)
class Account:
    """A person or a bot."""

    user: Json
    is_deactivated: bool = False
    hides_forwards: bool = False


@dataclass(slots=True)
class Member:
    """One account's standing in one chat, also when it left."""

    user_id: int
    status: MemberStatus
    rights: dict[str, bool] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    is_anonymous: bool = False
    is_in: bool = True
    custom_title: str = ""
    tag: str = ""
    until_date: int = 0
    promoted_by: int = 0

    @property
    def is_admin(self) -> bool:
        """Whether it is the owner or an administrator."""
        return self.status in ("creator", "administrator")

    @property
    def is_present(self) -> bool:
        """Whether it belongs to the chat now."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.is_in)

    def can(self, right: str) -> bool:
        """Whether an administrator holds `right`; the owner holds all."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))


@dataclass(slots=True)
class PollOption:
    """One answer of a poll and who chose it."""

    persistent_id: str
    text: str
    entities: list[Json]
    voters: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Poll:
    """A poll; votes are kept by voter so that they can be changed or taken back."""

    id: str
    bot_id: int
    question: str
    options: list[PollOption]
    settings: Json
    is_closed: bool = False
    close_at: datetime | None = None


@dataclass(slots=True)
class Message:
    """One message; `body` holds its content in Bot API form, everything that needs rendering stands beside it."""

    key: ChatKey
    id: int
    sent_at: datetime
    sender_id: int | None
    sender_chat_id: int | None = None
    body: Json = field(default_factory=dict)
    reply_to: int | None = None
    thread_id: int | None = None
    is_topic_message: bool = False
    is_service: bool = False
    author_bot_id: int | None = None
    via_bot_id: int | None = None
    keyboard: Json | None = None
    poll: Poll | None = None
    pinned_id: int | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    anonymous_reactions: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    is_closed: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class Chat:
    """One chat. A private one belongs to a person (`peer_id`) and a bot (`bot_id`)."""

    key: ChatKey
    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    description: str = ""
    is_forum: bool = False
    peer_id: int = 0
    bot_id: int = 0
    has_started: bool = False
    is_blocked: bool = False
    # Somebody who asked to join a chat can be written to for a while without having started the bot.
    open_until: datetime | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned_ids: list[int] = field(default_factory=list)
    permissions: dict[str, bool] = field(default_factory=lambda: dict(DEFAULT_PERMISSIONS))
    # Emoji that may be left on messages; None: every one.
    available_reactions: list[str] | None = None
    invite_links: dict[str, Json] = field(default_factory=dict)
    link_uses: dict[str, int] = field(default_factory=dict)
    join_requests: dict[int, str] = field(default_factory=dict)
    linked_chat_id: int | None = None
    migrated_to: int | None = None
    last_bot_id: int | None = None
    last_message_id: int = 0

    def admins(self) -> list[Member]:
        """Owner and administrators."""
        return [member for member in self.members.values() if member.is_admin]

    def present(self) -> list[Member]:
        """Everyone in the chat now."""
        return [member for member in self.members.values() if member.is_present]
