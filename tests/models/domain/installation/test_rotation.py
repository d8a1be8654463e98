from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, select, type_coerce

from bot.hearing.intake import store_updates
from models.database import Database
from models.domain.hearing import recording
from models.domain.hearing.facts import HeardMessage, Person, Place
from models.domain.installation import rotation
from models.domain.installation.rotation import rotate
from models.encryption import KeyProblem, KeyRing, new_key
from models.tables.base import Base, EncryptedBytes, EncryptedJson, EncryptedText
from models.tables.inbox import RawUpdate
from models.tables.member import Member
from models.tables.message import Message
from tests.conftest import KEY

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW = new_key()
PLACE = Place(-1001, "supergroup", "Founders", "founders")


async def _fill(database: Database, n_messages: int, *, first: int = 1) -> None:
    said = [
        HeardMessage(PLACE, Person(number, f"Mia {number}", f"mia{number}"), NOW, telegram_message_id=number,
                     sender="member", kind="text", text=f"text {number}", details={"n": number})
        for number in range(first, first + n_messages)
    ]  # fmt: skip
    await store_updates(database, 1, [{"update_id": first, "message": {"text": "raw"}}], now=NOW)
    async with database.transaction() as session:
        await recording.record(session, said, now=NOW)


async def _told(database: Database) -> tuple[list[str | None], list[object], list[str | None], list[bytes | None]]:
    async with database.reading() as session:
        return (
            list(await session.scalars(select(Message.text).order_by(Message.id))),
            list(await session.scalars(select(Message.details).order_by(Message.id))),
            list(await session.scalars(select(Member.name).order_by(Member.id))),
            list(await session.scalars(select(RawUpdate.payload).order_by(RawUpdate.id))),
        )


async def test_after_a_rotation_every_text_reads_the_same_with_the_new_key(database: Database) -> None:
    # More than one batch.
    await _fill(database, 620)
    before = await _told(database)
    rotating = Database(database.url, KeyRing([NEW, KEY]))

    counts = await rotate(rotating)

    assert (counts["message"], counts["member"], counts["raw_update"]) == (620, 620, 1)
    assert await _told(rotating) == before
    assert await _sealed_otherwise(rotating) == 0
    with pytest.raises(KeyProblem):
        await _told(database)
    await rotating.close()


async def _sealed_otherwise(database: Database) -> int:
    """Ciphertexts of any table that the ring's first key did not write."""
    n_old = 0
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, EncryptedText | EncryptedJson | EncryptedBytes):
                    sealed = await session.scalars(select(type_coerce(column, LargeBinary)))
                    n_old += sum(one is not None and not database.keys.is_written_with_first_key(one) for one in sealed)
    return n_old


async def test_a_rotation_that_was_stopped_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(database, 5)
    before = await _told(database)
    rotating = Database(database.url, KeyRing([NEW, KEY]))
    monkeypatch.setattr(rotation, "BATCH", 2)
    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_reseal_statement", _stop_at("message"))
        with pytest.raises(KeyboardInterrupt):
            await rotate(rotating)
    between = await _told(rotating)

    counts = await rotate(rotating)

    assert counts["message"] == 5
    assert between == before == await _told(rotating)
    assert sum((await rotate(rotating)).values()) == 0
    await rotating.close()


def _stop_at(name: str) -> Any:
    whole = rotation._reseal_statement

    def stop(table: Table, sealed: list[str]) -> Any:
        if table.name == name:
            raise KeyboardInterrupt
        return whole(table, sealed)

    return stop


async def test_a_member_is_found_by_handle_after_a_rotation(database: Database) -> None:
    await _fill(database, 1)
    rotating = Database(database.url, KeyRing([NEW, KEY]))

    await rotate(rotating)

    async with rotating.reading() as session:
        wanted = rotating.keys.lookup_hash("MIA1")
        found = (await session.scalars(select(Member).where(Member.handle_hash == wanted))).one()
    assert found.name == "Mia 1"
    await rotating.close()


async def test_without_the_old_key_nothing_is_rewritten(database: Database) -> None:
    await _fill(database, 2)
    before = await _told(database)
    stranger = Database(database.url, KeyRing([NEW]))

    with pytest.raises(KeyProblem):
        await rotate(stranger)

    assert await _told(database) == before
    await stranger.close()


async def test_no_word_stands_readable_in_the_database_file(sqlite: Database) -> None:
    await _fill(sqlite, 5)
    await sqlite.close()

    files = [path.read_bytes() for path in _files(sqlite)]

    assert not any(word in file for file in files for word in (b"text 1", b"Mia 1", b"mia1", b"Founders", b'"raw"'))


def _files(database: Database) -> list[Path]:
    path = Path(database.url.partition(":///")[2])
    return [one for one in path.parent.iterdir() if one.name.startswith(path.name)]
