"""Why the bot said what it said, read from its own delivery rows, for the page's side panel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.messages.reasons import sentence
from bot.scene.services import Services
from bot.texts import Voice
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.member import Member

# Reasons read in one glance; a digest has several per item.
MOST_REASONS = 3


async def latest_deeds(services: Services, last: int) -> list[dict[str, Any]]:
    """The newest `last` messages that were sent: {"chat", "message_id", "kind", "why"} each, newest first.

    `chat` is the local Telegram's key of the chat, `why` up to MOST_REASONS sentences, empty for what needs no reason.
    """
    query = (
        select(Delivery.telegram_message_id, Delivery.kind, Delivery.reasons, Member.telegram_id, Chat.telegram_id)
        .outerjoin(Member, Delivery.member_id == Member.id)
        .outerjoin(Chat, Delivery.chat_id == Chat.id)
        .where(Delivery.sent_at.is_not(None), Delivery.telegram_message_id.is_not(None), Delivery.edits_id.is_(None))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(last)
    )
    async with services.database.reading() as session:
        rows = (await session.execute(query)).all()
    return [
        {
            "chat": _key(user_id or chat_id, services.bot_id),
            "message_id": message_id,
            "kind": kind,
            "why": _why(services.voice(None), reasons or [], services.clock.now()),
        }
        for message_id, kind, reasons, user_id, chat_id in rows
    ]


def _key(telegram_id: int, bot_id: int) -> str:
    """People's ids are above 0, and a chat with a person is one of theirs with the bot."""
    return f"{telegram_id}:{bot_id}" if telegram_id > 0 else str(telegram_id)


def _why(voice: Voice, reasons: list[Any], now: datetime) -> list[str]:
    sentences = dict.fromkeys(words for one in reasons if (words := sentence(voice, one, now=now)))
    return list(sentences)[:MOST_REASONS]
