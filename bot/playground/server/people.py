"""People and their private chats with bots: signing up, starting, blocking, leaving Telegram."""

import re
from typing import Any
from zoneinfo import available_timezones

from bot.playground.server import hearing, posting, render, state
from bot.playground.server.entities import find_entities
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import Lookup, UserLike
from bot.playground.server.snapshots import Chat, Json, Message, User

USER_FIELDS = frozenset({"last_name", "username", "language_code", "is_premium", "added_to_attachment_menu"})
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class People(Lookup):
    """Actions about accounts and private chats."""

    def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002  the Bot API's own name
        is_bot: bool = False,
        hides_forwards: bool = False,
        **fields: Any,
    ) -> User:
        """A new person (`is_bot`: somebody else's bot, which only talks in groups). `fields` are those of a User."""
        unknown = fields.keys() - USER_FIELDS
        if unknown:
            raise Refused(f"a User has no {', '.join(sorted(unknown))} to set")
        user_id = self.world.new_user_id() if id is None else id
        if user_id in self.world.accounts or user_id <= 0:
            raise Refused(f"id {user_id} is taken or not above 0")
        details = {name: value for name, value in fields.items() if value}
        user: Json = {"id": user_id, "is_bot": is_bot, "first_name": first_name, **details}
        self.world.accounts[user_id] = state.Account(user, hides_forwards=hides_forwards)
        self.world.note_change("user", user=user)
        return User(user)

    def change_user(self, user: UserLike, **fields: Any) -> User:
        """New names, language, ... from the next update on; an empty value takes a field away."""
        row = self.world.account(self.user_id(user))
        new_user = {**row.user, **fields}
        row.user = {name: value for name, value in new_user.items() if value or name in ("is_bot", "first_name")}
        self.world.note_change("user", user=row.user)
        return User(row.user)

    def set_time_zone(self, user: UserLike, time_zone: str) -> None:
        """Where the person's devices are, as an IANA name: pages show times in it, bots are never told."""
        if time_zone not in available_timezones():
            raise Refused(f"there is no time zone {time_zone}")
        self.world.time_zones[self.user_id(user)] = time_zone
        self.world.note_change("time_zone", user_id=self.user_id(user), time_zone=time_zone)

    def deactivate(self, user: UserLike) -> None:
        """The person deletes the account; bots get 403 from now on."""
        self.world.account(self.user_id(user)).is_deactivated = True

    def open_private(self, user: UserLike, bot: UserLike) -> Chat:
        """The private chat of a person and a bot, not started yet if it is new."""
        return render.chat(self.world, self.private_row(user, bot))

    def private(self, user: UserLike, bot: UserLike) -> Chat:
        """Same as open_private."""
        return self.open_private(user, bot)

    def private_row(self, user: UserLike, bot: UserLike) -> state.Chat:
        """The row of a private chat."""
        return self.world.private_chat(self.user_id(user), self.bot_row(bot).id)

    def start(self, user: UserLike, bot: UserLike, payload: str = "") -> Message:
        """Press Start, perhaps through a deep link with `payload`; unblocks the bot first, as clients do."""
        if not PAYLOAD.fullmatch(payload):
            raise Refused("a deep link's payload has up to 64 characters of A-Z a-z 0-9 _ -")
        chat = self.private_row(user, bot)
        if chat.is_blocked:
            self.unblock(user, bot)
        chat.has_started = True
        text = f"/start {payload}".strip()
        draft = posting.Draft(chat.peer_id, {"text": text, "entities": find_entities(text)})
        return posting.post(self.world, chat, draft)

    def block(self, user: UserLike, bot: UserLike) -> None:
        """Stop the bot; it learns so by my_chat_member and gets 403."""
        self._set_blocked(self.private_row(user, bot), is_blocked=True)

    def unblock(self, user: UserLike, bot: UserLike) -> None:
        """Let the bot write again."""
        self._set_blocked(self.private_row(user, bot), is_blocked=False)

    def _set_blocked(self, chat: state.Chat, *, is_blocked: bool) -> None:
        if chat.is_blocked == is_blocked:
            return
        chat.is_blocked = is_blocked
        member, no_member = state.Member(chat.bot_id, "member"), state.Member(chat.bot_id, "kicked")
        before, after = (member, no_member) if is_blocked else (no_member, member)
        hearing.member_changed(self.world, chat, before, after, chat.peer_id)
