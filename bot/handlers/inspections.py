"""Asking Telegram about a group and who is in it: always before the scene's transaction, and what it says becomes facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import Bot, ChatMember, ChatMemberAdministrator, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.hearing.parts import person, place
from bot.hearing.updates import ALLOWED_UPDATES
from bot.scene.context import BotContext
from models.domain.hearing.facts import Fact, HeardStanding
from models.domain.members.communities import Inspection
from models.tables.base import word_of
from models.tables.community import ChatKind
from models.tables.member import Standing


async def inspect(update: Update, context: BotContext) -> Inspection:
    """Our rights in the update's group, and how many are there."""
    chat = update.effective_chat
    if chat is None or chat.type == ChatKind.PRIVATE:
        return Inspection()
    bot: Bot = context.bot
    try:
        own = await bot.get_chat_member(chat.id, bot.id)
        me = await bot.get_me()
        info = await bot.get_webhook_info()
        n_there = await bot.get_chat_member_count(chat.id)
        await learn_admins(update, context)
    except TelegramError as error:
        return Inspection(problem=error.message)
    is_admin = own.status == ChatMemberStatus.ADMINISTRATOR
    return Inspection(
        is_admin=is_admin,
        reads_everything=is_admin or bool(me.can_read_all_group_messages),
        missing_updates=tuple(
            sorted({"message_reaction", "chat_member"} - set(info.allowed_updates or ALLOWED_UPDATES))
        ),
        is_supergroup=chat.type == ChatKind.SUPERGROUP,
        can_pin=isinstance(own, ChatMemberAdministrator) and bool(own.can_pin_messages),
        n_there=n_there,
    )


async def learn_admins(update: Update, context: BotContext) -> None:
    """Who administers the chat: bots are not told of those who did before they came."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or chat.type == ChatKind.PRIVATE:
        return
    try:
        admins: Sequence[ChatMember] = await context.bot.get_chat_administrators(chat.id)
    except TelegramError:
        # We may have been removed again meanwhile; rights are then as we last heard.
        return
    at = message.date if message and message.date else context.turn.now
    where = place(chat.to_dict())
    facts: list[Fact] = []
    for admin in admins:
        raw: dict[str, Any] = admin.user.to_dict()
        if who := person(raw):
            facts.append(
                HeardStanding(where, who, min(at, context.turn.now), status=word_of(Standing, str(admin.status)))
            )
    context.turn.facts = [*context.turn.facts, *facts]
