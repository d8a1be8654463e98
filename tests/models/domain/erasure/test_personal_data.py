"""What a member takes home of raw updates: looked through for others' words, or nothing of it."""

from __future__ import annotations

import orjson
import pytest

from models.database import Database
from models.domain.erasure import personal_data
from models.tables.inbox import RawUpdate
from tests.factories import make_member
from tests.village import NOW

OTHERS = b'{"id":7,"first_name":"Eve Evesson"}'
# Each row: an update in which somebody else is named, deeper than it can be looked through; or no JSON at all.
UNREADABLE = {
    "too deep to write again": b'{"a":' * 300 + OTHERS + b"}" * 300,
    "too deep to look through": b"[" * 900 + OTHERS + b"]" * 900,
    "too deep to read": b"[" * 2000 + OTHERS + b"]" * 2000,
    "cut off": OTHERS[:-1],
}


@pytest.mark.parametrize("payload", [*UNREADABLE.values(), OTHERS], ids=[*UNREADABLE, "the control"])
async def test_an_update_that_cannot_be_looked_through_is_not_handed_out(sqlite: Database, payload: bytes) -> None:
    async with sqlite.transaction() as session:
        member = await make_member(session)
        ids = {"bot_id": 1, "update_id": 1, "sender_telegram_id": member.telegram_id}
        session.add(RawUpdate(**ids, kind="message", is_urgent=False, payload=payload, received_at=NOW))

    async with sqlite.reading() as session:
        everything = await personal_data.export(session, member)

    assert [orjson.loads(one) for one in everything["raw_update"]] == [{"id": 7} if payload == OTHERS else {}]
