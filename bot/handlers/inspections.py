"""Asking Telegram about a group and who is in it: always before the scene's transaction, and what it says becomes facts."""

from __future__ import annotations

from telegram import Bot, ChatMemberAdministrator, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.hearing.parts import person, place
from bot.hearing.updates import ALLOWED_UPDATES
from bot.scene.admins import learn_admins
from bot.scene.context import BotContext
from models.domain.hearing.facts import HeardPress, Place
from models.domain.members import communities
from models.domain.members.communities import Inspection
from models.tables.base import word_of
from models.tables.community import ChatKind
from models.tables.member import PRESENT, Standing


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


async def recognise(update: Update, context: BotContext, community_id: int | None) -> None:
    """Whoever acts here may be in the community without ever having written a word: ask Telegram, so that nobody is sent away."""
    user = update.effective_user
    if user is None or community_id is None:
        return
    async with context.services.database.reading() as session:
        chats = await communities.where_unknown(session, user.id, community_id)
    who = person(user.to_dict())
    for chat in chats:
        if who is not None and await _is_there(context.bot, chat.telegram_id, user.id):
            press = HeardPress(Place(chat.telegram_id, chat.kind, is_vague=True), who, None)
            context.turn.facts = [*context.turn.facts, press]
            return


async def _is_there(bot: Bot, chat_id: int, user_id: int) -> bool:
    try:
        membership = await bot.get_chat_member(chat_id, user_id)
    except TelegramError:
        # We may not ask in that chat, or they never were there.
        return False
    is_member = getattr(membership, "is_member", True) is not False
    return word_of(Standing, str(membership.status)) in PRESENT and is_member
