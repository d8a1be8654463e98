"""Who hears what: privacy mode, administrator rights and membership decide which bot gets which update."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.playground.server import render, state
from bot.playground.server.entities import utf16_slice
from bot.playground.server.snapshots import Json, Message
from bot.playground.server.world import Bot, World


def tell(world: World, bot: Bot, kind: str, payload: Json, chat_id: int = 0) -> None:
    """Queue one update for one bot and hand it to its webhook."""
    world.check("Update", {"update_id": bot.queue.next_id, kind: payload})
    update = bot.queue.add(kind, payload, chat_id=chat_id)
    if update is not None and bot.webhook is not None:
        bot.webhook.add(update)


def announce(world: World, row: state.Message, *, is_edited: bool = False) -> Message:
    """Send a new or edited message to every bot that may read it, and to the pages. Returns it as bots see it."""
    chat = world.chats[row.key]
    thing = render.message(world, row)
    kind = "channel_post" if chat.kind == "channel" else "message"
    for bot in bots_in(world, chat):
        if reads(world, bot, chat, row):
            tell(world, bot, f"edited_{kind}" if is_edited else kind, thing, chat.id)
    if world.listeners:
        world.note_change("edited" if is_edited else "message", chat=row.key, message=render.seen_by_client(world, row))
    return thing


def bots_in(world: World, chat: state.Chat) -> Iterator[Bot]:
    """The bots that belong to a chat now."""
    if chat.kind == "private":
        yield world.bots[chat.bot_id]
        return
    for user_id, bot in world.bots.items():
        member = chat.members.get(user_id)
        if member is not None and member.is_present:
            yield bot


def admin_bots(world: World, chat: state.Chat) -> list[Bot]:
    """Bots that may see reactions and memberships: administrators, and the one of a private chat."""
    return [bot for bot in bots_in(world, chat) if chat.kind == "private" or chat.members[bot.id].is_admin]


def reads(world: World, bot: Bot, chat: state.Chat, row: state.Message) -> bool:
    """Whether privacy mode lets this bot read this message. Other bots' messages never, its own only service ones."""
    if row.is_service:
        return True
    if row.author_bot_id is not None or (row.sender_id is not None and world.account(row.sender_id).user["is_bot"]):
        return False
    if chat.kind in ("private", "channel") or bot.can_read_all_group_messages or chat.members[bot.id].is_admin:
        return True
    return _is_for(world, bot, chat, row)


def _is_for(world: World, bot: Bot, chat: state.Chat, row: state.Message) -> bool:
    """Replies to the bot, messages via it, its commands, and plain commands if it was the last bot to speak."""
    answered_row = chat.messages.get(row.reply_to) if row.reply_to is not None else None
    if row.via_bot_id == bot.id or (answered_row is not None and answered_row.author_bot_id == bot.id):
        return True
    command = command_of(row.body)
    if command is None:
        return False
    _, _, addressee = command.partition("@")
    if addressee:
        return addressee.lower() == str(world.account(bot.id).user.get("username", "")).lower()
    return chat.last_bot_id in (bot.id, None)


def command_of(body: Json) -> str | None:
    """The command a message begins with, e.g. "/event@klatch_bot"."""
    first = next(iter(body.get("entities") or body.get("caption_entities") or ()), None)
    if first is None or first["type"] != "bot_command" or first["offset"] != 0:
        return None
    return utf16_slice(str(body.get("text") or body.get("caption")), 0, first["length"])


def member_changed(
    world: World, chat: state.Chat, before: state.Member, after: state.Member, by: int, **more: Any
) -> None:
    """Send my_chat_member to a bot that is concerned itself, chat_member to the bots that are administrators."""
    for bot in world.bots.values():
        is_own = bot.id == after.user_id
        member = chat.members.get(bot.id)
        if is_own or (member is not None and member.is_admin):
            payload = {
                "chat": render.chat(world, chat),
                "from": render.user(world, by),
                "date": world.timestamp(),
                "old_chat_member": render.member(world, before, chat, bot.id),
                "new_chat_member": render.member(world, after, chat, bot.id),
                **more,
            }
            tell(world, bot, "my_chat_member" if is_own else "chat_member", payload, chat.id)
    world.note_change("member", chat=chat.key, member=render.member(world, after, chat))


def set_member(world: World, chat: state.Chat, user_id: int, by: int, more: Json | None = None, **new: Any) -> bool:
    """Change a membership (fields of state.Member) and tell who may know. False when nothing changed."""
    before = chat.members.get(user_id) or state.Member(user_id, "left")
    after = replace(before, **new)
    if after == before:
        return False
    chat.members[user_id] = after
    member_changed(world, chat, before, after, by, **(more or {}))
    return True
