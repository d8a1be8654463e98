from __future__ import annotations

from datetime import UTC, datetime

from models.database import Database
from models.domain.events import host_words
from models.domain.events.host_words import HELD_BACK
from models.domain.sending.deliveries import queue
from models.tables.delivery import DeliveryKind
from tests.factories import make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_what_has_left_is_not_taken_back_and_other_words_stay(database: Database) -> None:
    async with database.transaction() as session:
        event = await make_event(session, await make_community(session))
        readers = [await make_member(session) for _ in range(3)]
        sent = [
            await queue(
                session,
                DeliveryKind.NOTICE,
                now=NOW,
                payload={"text": "x"},
                member_id=reader.id,
                due_at=NOW + HELD_BACK,
                about=host_words.about(event.id, number),
            )
            for number in (1, 2)
            for reader in readers
        ]
        assert sent[0] is not None
        sent[0].claimed_at = sent[0].sent_at = NOW + HELD_BACK
        await session.flush()

        first, again, others = [
            await host_words.take_back(session, event.id, number, now=NOW + HELD_BACK) for number in (1, 1, 2)
        ]

    assert first == (2, 1)
    assert again == (0, 1)
    assert others == (3, 0)
