"""Why the bot said what it said, read from its own delivery rows, for the page's side panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

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
            "why": _why(services.voice(None), reasons or []),
        }
        for message_id, kind, reasons, user_id, chat_id in rows
    ]


def _key(telegram_id: int, bot_id: int) -> str:
    """People's ids are above 0, and a chat with a person is one of theirs with the bot."""
    return f"{telegram_id}:{bot_id}" if telegram_id > 0 else str(telegram_id)


def _why(voice: Voice, reasons: list[Any]) -> list[str]:
    told = dict.fromkeys(sentence for reason in reasons if (sentence := _sentence(voice, reason)))
    return list(told)[:MOST_REASONS]


def _sentence(voice: Voice, reason: Any) -> str:
    """A reason is words already, or a key with values; one that cannot be said is left out."""
    if isinstance(reason, str):
        return reason
    if not isinstance(reason, Mapping):
        return ""
    key, values = str(reason.get("key", "")), reason.get("values", reason)
    given = {name: value for name, value in dict(values).items() if name not in ("key", "about")}
    for full_key in (key, *(f"{feature}.reason.{key}" for feature in FEATURES)):
        try:
            return voice.plain(full_key, **given)
        except KeyError:
            continue
    return ""


# Features with reasons of their own in the texts.
FEATURES = ("digests", "invitations", "people_to_meet", "introductions")
