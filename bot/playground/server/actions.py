"""Everything people can do on the local Telegram, in one class, and what tests look at."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from bot.playground.server.lookup import UserLike
from bot.playground.server.memberships import Memberships
from bot.playground.server.miniapps import MiniApps
from bot.playground.server.people import People
from bot.playground.server.presses import Presses
from bot.playground.server.reactions import Reactions
from bot.playground.server.rooms import Rooms
from bot.playground.server.snapshots import Json
from bot.playground.server.talk import Talk


class Actions(People, Rooms, Memberships, Talk, Reactions, Presses, MiniApps):
    """The in-process API besides bots, faults and limits."""

    def inject(self, bot: UserLike, raw_update: Any) -> int:
        """Queue any JSON as an update, well formed or not, past every filter; gives its update_id."""
        row = self.bot_row(bot)
        update = row.queue.add_raw(raw_update, _kind(raw_update))
        if row.webhook is not None:
            row.webhook.add(update)
        return update.id

    def pending(self, bot: UserLike) -> int:
        """How many updates of a bot are not confirmed yet."""
        return self.bot_row(bot).queue.pending()

    async def changes(self) -> AsyncIterator[Json]:
        """What happens from now on, for a chat page: {kind, at, chat, ...}.

        Kinds: message, edited, deleted, reaction, answer (a toast or alert), member, chat, user, action, commands.
        Ends when the server hangs up.
        """
        own_queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self.world.listeners.add(own_queue)
        try:
            while (change := await own_queue.get()) is not None:
                yield change
        finally:
            self.world.listeners.discard(own_queue)


def _kind(raw_update: Any) -> str:
    names = [name for name in raw_update if name != "update_id"] if isinstance(raw_update, dict) else []
    return names[0] if names else "message"
