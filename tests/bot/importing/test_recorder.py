from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.importing.reader import ExportedChat
from bot.importing.recorder import BATCH, Recorder
from bot.importing.times import Times
from models.database import Database
from models.tables.message import Message
from tests.bot.importing.exports import message

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def test_whole_batches_are_kept_when_the_process_dies(sqlite: Database) -> None:
    recorder = Recorder(sqlite, Times(None, now=NOW), now=NOW)
    await recorder.begin(ExportedChat("Founders", "private_group", 7))

    for number in range(1, BATCH + 500):
        await recorder.take(message(number))

    async with sqlite.reading() as session:
        assert await session.scalar(select(func.count(Message.id))) == BATCH
    assert recorder.reports[0].last_message_id == BATCH
