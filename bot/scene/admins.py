"""Who administers a group, asked of Telegram: it tells of changes only where we are an administrator ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.error import TelegramError

from bot.hearing.parts import person
from models.domain.hearing.facts import Fact, HeardAdmins, HeardStanding, Place
from models.domain.members import rights
from models.tables.base import word_of
from models.tables.member import Standing

if TYPE_CHECKING:
    from bot.scene.context import BotContext


async def learn_admins(context: BotContext, where: Place) -> None:
    """Let the turn record who administers the chat, and that nobody else does. Outside of any transaction.

    When Telegram does not say (we may have been removed again meanwhile) rights are as we last heard.
    """
    try:
        admins: Sequence[ChatMember] = await context.bot.get_chat_administrators(where.telegram_id)
    except TelegramError:
        return
    at = context.turn.now
    admins_here = [(who, one) for one in admins if (who := person(one.user.to_dict())) is not None]
    facts: list[Fact] = [
        HeardStanding(where, who, at, status=word_of(Standing, str(one.status))) for who, one in admins_here
    ]
    facts.append(HeardAdmins(where, None, at, telegram_ids=frozenset(who.telegram_id for who, _ in admins_here)))
    context.turn.facts = [*context.turn.facts, *facts]


async def settle_doubt(context: BotContext, telegram_id: int) -> None:
    """Ask anew in each group where whoever acts may have lost an admin's rights without our being told."""
    async with context.services.database.reading() as session:
        chats = await rights.in_doubt(session, telegram_id)
    chat_ids = {fact.place.telegram_id for fact in context.turn.facts if isinstance(fact, HeardAdmins)}
    for chat in chats:
        if chat.telegram_id not in chat_ids:
            where = Place(chat.telegram_id, chat.kind, chat.title, chat.handle, chat.is_forum)
            await learn_admins(context, where)
