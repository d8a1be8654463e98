from __future__ import annotations

from datetime import timedelta

from bot.config import Config, Privacy
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import apply_retention
from models.database import Database
from models.tables.inbox import RawUpdate
from models.tables.message import Message
from tests.factories import make_chat
from tests.stage import TEXTS


async def test_the_installation_says_how_long_and_the_outcome_says_how_much(
    sqlite: Database, clock: SimulatedClock
) -> None:
    services = Services(sqlite, clock, TEXTS, Config(privacy=Privacy(retention_days=10, raw_update_days=2)))
    now = clock.now()
    async with sqlite.transaction() as session:
        chat = await make_chat(session)
        for days in (1, 3, 11):
            at = now - timedelta(days=days)
            update = {"bot_id": 1, "update_id": days, "kind": "message", "is_urgent": False, "received_at": at}
            session.add(RawUpdate(**update, done_at=at))
            session.add(Message(chat_id=chat.id, telegram_message_id=days, sender="member", kind="text", sent_at=at))

    first = await apply_retention.run(services, now=now)
    second = await apply_retention.run(services, now=now)

    assert first == "erased: 2 raw updates, 1 messages"
    assert second == "nothing was old enough to erase"
