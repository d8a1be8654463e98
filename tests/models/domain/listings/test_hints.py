"""Which messages their authors are asked about, and whether the question still holds when it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.listings import hints
from models.domain.listings.validity import stand
from models.reading.listing_kinds import ListingKind
from models.tables.message import Message
from tests.factories import make_listing
from tests.village import NOW, Village

WORDS = "Looking for a bookkeeper who knows UGs"


async def asked(session: AsyncSession, village: Village) -> list[tuple[str, ListingKind]]:
    return [(one.message.text or "", one.kind) for one in await hints.due(session, village.community, now=NOW)]


async def test_the_first_fresh_one_of_each_author_is_asked_about(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = [await village.learner(name) for name in ("Mia", "Jo")]
        await village.say(mia, "Which customs brokers are quick?", hours_ago=0.9)
        await village.say(mia, WORDS, hours_ago=0.5)
        await village.say(mia, "Looking for a photographer", hours_ago=0.4)
        await village.say(jo, "I can offer free pricing reviews this week", hours_ago=0.3)

        found = await asked(session, village)

        assert found == [
            (WORDS, ListingKind.NEED),
            ("I can offer free pricing reviews this week", ListingKind.OFFER),
        ]


@pytest.mark.parametrize(
    "values",
    [
        {"hours_ago": 0.1},  # perhaps its author edits it
        {"hours_ago": 1.1},  # old
        {"is_forward": True},  # somebody else's words
        {"deleted_at": NOW},
        {"source": "import"},  # long over
        {"text": f"/need {WORDS}"},  # they asked for it themselves
    ],
)
async def test_nobody_is_asked_about_a_message_that(database: Database, values: dict[str, Any]) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        await village.say(await village.learner("Mia"), **{"text": WORDS, "hours_ago": 0.5, **values})

        assert await asked(session, village) == []


@pytest.mark.parametrize("refusal", ["never asked", "out of reach"])
async def test_nobody_is_asked_who_was(database: Database, refusal: str) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia = await (village.silent("Mia") if refusal == "never asked" else village.learner("Mia", reachable_at=None))
        await village.say(mia, WORDS, hours_ago=0.5)

        assert await asked(session, village) == []


async def test_a_question_holds_as_long_as_the_words_stand_and_are_not_kept(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = [await village.learner(name) for name in ("Mia", "Jo")]
        messages = [await village.say(mia, WORDS, hours_ago=0.5) for _ in range(4)]
        standing, kept, deleted, wiped = messages
        await make_listing(session, mia, village.community, message_id=kept.id)
        deleted.deleted_at, wiped.text = NOW, None
        await session.flush()

        async def holds(message: Message, reader_id: int = mia.id) -> bool:
            return await stand(session, reader_id, [str(message.id)], NOW)

        assert [await holds(one) for one in messages] == [True, False, False, False]
        assert not await holds(standing, jo.id)


async def test_what_its_author_talks_about_with_somebody_is_left_alone_also_while_the_question_waits(
    database: Database,
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = [await village.learner(name) for name in ("Mia", "Jo")]
        message = await village.say(mia, WORDS, hours_ago=0.5)
        await village.say(mia, "until Friday, that is", hours_ago=0.4, reply_to=message)
        answer = await village.say(jo, "Mine is free", hours_ago=0.3, reply_to=message)
        before = await asked(session, village), await stand(session, mia.id, [str(message.id)], NOW)
        await village.say(mia, "Great, thank you!", hours_ago=0.2, reply_to=answer)

        assert before == ([(WORDS, ListingKind.NEED)], True)
        assert await asked(session, village) == []
        assert not await stand(session, mia.id, [str(message.id)], NOW)
