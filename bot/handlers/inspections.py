"""Asking Telegram about a group and who is in it: always before the scene's transaction, and what it says becomes facts."""

from __future__ import annotations

from telegram import Bot, ChatMemberAdministrator, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.hearing.parts import place
from bot.hearing.updates import ALLOWED_UPDATES
from bot.scene.admins import learn_admins
from bot.scene.context import BotContext
from models.domain.members.communities import Inspection
from models.tables.community import ChatKind


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
        await learn_admins(context, place(chat.to_dict()))
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
