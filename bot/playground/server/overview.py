"""What a page needs to know before it listens to changes: everything but the messages and the tokens."""

import heapq
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice

from bot.playground.server import render
from bot.playground.server.snapshots import Json
from bot.playground.server.state import Chat, Message
from bot.playground.server.world import Bot, World


def overview(world: World) -> Json:
    """Time, people, bots and chats with their members, topics and last message."""
    return {
        "now": world.now().isoformat(),
        "users": [row.user for row in world.accounts.values()],
        "time_zones": world.time_zones,
        "bots": [_bot(world, bot) for bot in world.bots.values()],
        "chats": [_chat(world, chat) for chat in world.chats.values()],
    }


def said_by_bots(world: World, last: int) -> list[Json]:
    """What bots said last, in all chats together, newest first; {"chat": key, "message": Message} each."""
    rows = [row for chat in world.chats.values() for row in _newest_of_bots(chat, last)]
    newest = heapq.nlargest(last, rows, key=lambda row: (row.sent_at, row.id))
    return [{"chat": row.key, "message": render.seen_by_client(world, row)} for row in newest]


def _bot(world: World, bot: Bot) -> Json:
    commands = [
        {"scope": scope, "language_code": language, "commands": commands}
        for (scope, language), commands in bot.commands.items()
    ]
    return {
        "user": world.account(bot.id).user,
        "commands": commands,
        "menu_buttons": {str(chat_id): button for chat_id, button in bot.menu_buttons.items()},
        "pending": bot.queue.pending(),
        "has_webhook": bot.webhook is not None,
    }


def _chat(world: World, row: Chat) -> Json:
    newest = next(reversed(row.messages.values()), None)
    return {
        "key": row.key,
        "chat": render.chat(world, row),
        "members": [render.member(world, member, row) for member in row.members.values()],
        "topics": [asdict(topic) for topic in row.topics.values()],
        "pinned": row.pinned_ids,
        "message_count": len(row.messages),
        "last_message": render.seen_by_client(world, newest) if newest is not None else None,
        "migrated_to": row.migrated_to,
        "has_started": row.has_started,
        "is_blocked": row.is_blocked,
    }


def _newest_of_bots(chat: Chat, last: int) -> Iterator[Message]:
    by_bots = (row for row in reversed(chat.messages.values()) if row.author_bot_id is not None)
    return islice(by_bots, last)
