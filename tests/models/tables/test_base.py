"""Words of closed lists: what may be written, what is read, and that the database still holds plain text."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError

from models.database import Database
from models.tables.base import Base, Word, word_of
from models.tables.event import Event, Rsvp, RsvpStatus
from tests.factories import make_community, make_event, make_member, make_rsvp

COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, Word)]


async def test_a_word_is_stored_as_itself_and_read_as_a_member_of_its_list(database: Database) -> None:
    async with database.transaction() as session:
        event = await make_event(session, await make_community(session))
        await make_rsvp(session, event, await make_member(session), status=RsvpStatus.NOT_GOING)

        stored = await session.scalar(text("SELECT status FROM rsvp"))
        read = await session.scalar(select(Rsvp.status))

    assert stored == "not_going"
    assert read is RsvpStatus.NOT_GOING


async def test_a_misspelt_word_is_neither_written_nor_asked_for(database: Database) -> None:
    async with database.transaction() as session:
        await make_event(session, await make_community(session))

        with pytest.raises(StatementError, match="'publishd' is not a valid EventStatus"):
            await session.execute(update(Event).values(status="publishd"))
        with pytest.raises(StatementError, match="'publishd' is not a valid EventStatus"):
            await session.execute(select(Event.id).where(Event.status == "publishd"))


async def test_a_word_of_a_newer_version_is_none_of_ours_and_stays_what_it_is(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.transaction() as session:
        event = await make_event(session, await make_community(session))
        await make_rsvp(session, event, await make_member(session))
        await session.execute(text("UPDATE rsvp SET status = 'standing_by'"))
        word_of.cache_clear()

        with caplog.at_level(logging.WARNING):
            first, again = [await session.scalar(select(Rsvp.status)) for _ in range(2)]
        await session.execute(update(Rsvp).values(status=first))

        stored = await session.scalar(text("SELECT status FROM rsvp"))
    assert isinstance(first, RsvpStatus)
    assert (first, again) == ("standing_by", "standing_by")
    assert first not in list(RsvpStatus)
    assert stored == "standing_by"
    assert [record.getMessage() for record in caplog.records] == [
        "RsvpStatus has no word 'standing_by': kept as it is, and taken for none of the others"
    ]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column))
def test_a_closed_list_explains_itself_and_calls_each_word_by_its_name(column: object) -> None:
    words = column.type.words  # type: ignore[attr-defined]

    assert words.__doc__
    assert {word.name for word in words} == {word.value.upper() for word in words}
    assert max(len(word.value) for word in words) <= 64
