"""Everything the local Telegram knows, and how ids are handed out and looked up."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.clock import Clock
from bot.playground.server import state
from bot.playground.server.errors import Refused
from bot.playground.server.snapshots import ChatKey, Json
from bot.playground.server.updates import UpdateQueue

# Where ids of each kind begin: far from one another and beyond 32 bits, as many real ones are.
FIRST_USER_ID = 5_200_000_001
FIRST_GROUP_ID = -4_200_000_001
FIRST_CHANNEL_ID = -1_002_200_000_001
FIRST_UPDATE_ID = 100_000_000

# Accounts Telegram uses when a chat, not a person, is the sender.
STAND_INS: tuple[Json, ...] = (
    {"id": state.TELEGRAM_ID, "is_bot": False, "first_name": "Telegram"},
    {"id": state.CHANNEL_BOT_ID, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
    {"id": state.GROUP_ANONYMOUS_BOT_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
)


@dataclass(slots=True)
class Query:
    """A button press or Mini App query that waits for its answer."""

    id: str
    bot_id: int
    user_id: int
    key: ChatKey
    asked_at: datetime
    on_answer: Callable[[Json], None]
    answer: Json | None = None
    is_answered: bool = False


@dataclass(slots=True)
class Bot:
    """A bot's account on the server: settings made by its owner and by its own methods."""

    id: int
    token: str
    can_read_all_group_messages: bool
    queue: UpdateQueue
    webhook: Any = None
    poller: "asyncio.Future[None] | None" = None
    last_poll: tuple[int, float] | None = None
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    default_rights: dict[bool, Json] = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """An uploaded or invented file; `parts` is what a message says of it besides its ids and size."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    kind: str
    details: Json
    # A photo's smaller size: always the same one, so that showing a photo again changes nothing.
    small: "StoredFile | None" = None


class World:
    """State, clock and chance of one local Telegram. `hooks` see every object that leaves it: (spec type, object)."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self.clock = clock
        self.random = random
        self.accounts: dict[int, state.Account] = {who["id"]: state.Account(dict(who)) for who in STAND_INS}
        self.bots: dict[int, Bot] = {}
        self.chats: dict[ChatKey, state.Chat] = {}
        self.queries: dict[str, Query] = {}
        self.polls: dict[str, state.Message] = {}
        self.inline_messages: dict[str, state.Message] = {}
        self.files: dict[str, StoredFile] = {}
        # Where people say they are; clients render times in it, bots are never told.
        self.time_zones: dict[int, str] = {}
        self.signing_key = Ed25519PrivateKey.from_private_bytes(random.randbytes(32))
        self.hooks: list[Callable[[str, Any], None]] = []
        self.listeners: set[asyncio.Queue[Json | None]] = set()
        self._last_ids = {
            "user": FIRST_USER_ID - 1,
            "group": FIRST_GROUP_ID + 1,
            "channel": FIRST_CHANNEL_ID + 1,
            "message": 0,
        }

    def now(self) -> datetime:
        """The present instant of the clock."""
        return self.clock.now()

    def timestamp(self) -> int:
        """The present instant in whole unix seconds."""
        return int(self.clock.now().timestamp())

    def new_user_id(self) -> int:
        """An id for the next person."""
        return self._next("user", 1)

    def new_chat_id(self, kind: state.ChatKind) -> int:
        """An id for the next chat: basic groups have their own range."""
        return self._next("group" if kind == "group" else "channel", -1)

    def new_message_id(self, chat: state.Chat) -> int:
        """The next message id: supergroups and channels count alone, all other chats together."""
        if chat.kind in ("supergroup", "channel"):
            chat.last_message_id += 1
        else:
            chat.last_message_id = self._next("message", 1)
        return chat.last_message_id

    def token(self, length: int = 19) -> str:
        """A random string of digits for query, poll and file ids."""
        return str(self.random.randrange(10 ** (length - 1), 10**length))

    def new_queue(self) -> UpdateQueue:
        """An update queue whose ids start at a random place."""
        return UpdateQueue(self.clock.now, FIRST_UPDATE_ID + self.random.randrange(100_000_000))

    def account(self, user_id: int) -> state.Account:
        """The person or bot with this id. Raises Refused when there is none."""
        if user_id not in self.accounts:
            raise Refused(f"there is no user {user_id}")
        return self.accounts[user_id]

    def chat(self, key: ChatKey) -> state.Chat:
        """The chat with this key. Raises Refused when there is none."""
        if key not in self.chats:
            raise Refused(f"there is no chat {key}")
        return self.chats[key]

    def private_chat(self, user_id: int, bot_id: int) -> state.Chat:
        """The private chat of a person and a bot, made when it is first looked at."""
        key = f"{user_id}:{bot_id}"
        if key not in self.chats:
            self.chats[key] = state.Chat(key, user_id, "private", peer_id=user_id, bot_id=bot_id)
        return self.chats[key]

    def bot_by_token(self, token: str) -> Bot | None:
        """The bot that owns this token."""
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def check(self, spec_type: str, thing: Any) -> None:
        """Show an object that leaves the server to the hooks."""
        for hook in self.hooks:
            hook(spec_type, thing)

    def note_change(self, kind: str, **details: Any) -> None:
        """Tell the chat pages that something happened."""
        if self.listeners:
            change = {"kind": kind, "at": self.timestamp(), **details}
            for listener in self.listeners:
                listener.put_nowait(change)

    def _next(self, name: str, step: int) -> int:
        self._last_ids[name] += step
        return self._last_ids[name]
