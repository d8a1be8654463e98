from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.digests import feedback
from models.tables.interaction import Interaction
from models.tables.member import Member, Mute
from models.tables.message import Message, Thread
from models.tables.recommendation import Recommendation, Response
from tests.models.domain.serving.test_training import _recommend, _thread
from tests.village import NOW, Village

SENT_AT = NOW - timedelta(hours=10)


async def _recommended(session: AsyncSession) -> tuple[Village, Member, Member, Recommendation]:
    """Jo's thread about logistics, recommended to Mia."""
    village = await Village.found(session)
    mia, jo = await village.learner("Mia"), await village.learner("Jo")
    await village.say(jo, "Who knows logistics?", hours_ago=30)
    thread_id = await _thread(village)
    (await session.get_one(Thread, thread_id)).keywords = ["logistics"]
    return village, mia, jo, await _recommend(village, mia, thread_id, sent_at=SENT_AT)


async def test_less_like_this_leaves_the_thread_and_its_words_out(database: Database) -> None:
    async with database.transaction() as session:
        _, mia, _, row = await _recommended(session)

        noted = await feedback.note(session, row, "less", now=NOW)
        await feedback.note(session, row, "less", now=NOW)

        muted = (await feedback.muted_items(session, {mia.id}, now=NOW))[mia.id]
        later = (await feedback.muted_items(session, {mia.id}, now=NOW + feedback.TOPIC_MUTE))[mia.id]
        told = list(await session.scalars(select(Interaction).where(Interaction.kind == "feedback")))
        assert noted.words == ("logistics",)
        assert muted == {("thread", str(row.item_id)), ("keyword", feedback.keyword_target(session, "Logistics"))}
        assert later == {("thread", str(row.item_id))}
        assert [(one.what, one.value, one.recommendation_id) for one in told] == [("less", -1, row.id)]
        assert not any("logistics" in target for target in await session.scalars(select(Mute.target)))


async def test_not_this_person_leaves_the_author_out(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        _, mia, jo, row = await _recommended(session)

        noted = await feedback.note(session, row, "not_person", now=NOW)

        assert noted.person == "Jo"
        assert (await feedback.muted_items(session, {mia.id}, now=NOW))[mia.id] == {("person", str(jo.id))}


async def test_a_recommendation_belongs_to_its_member(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        _, mia, jo, row = await _recommended(session)

        assert await feedback.of_member(session, row.id, mia.id) is row
        assert await feedback.of_member(session, row.id, jo.id) is None
        assert await feedback.of_member(session, 10**6, mia.id) is None


@pytest.mark.parametrize(
    ("hours_ago", "action"),
    [
        # After it was sent, ten hours ago.
        (5.0, "joined"),
        (11.0, None),
    ],
)
async def test_joining_the_thread_afterwards_counts_as_acting_on_it(
    database: Database, hours_ago: float, action: str | None
) -> None:
    async with database.transaction() as session:
        village, mia, _, row = await _recommended(session)
        await village.say(mia, "I do", hours_ago=hours_ago, thread_id=row.item_id)

        first = await feedback.note_actions(session, village.community.id, now=NOW)
        second = await feedback.note_actions(session, village.community.id, now=NOW)

        await session.refresh(row)
        assert (first, second) == (int(action is not None), 0)
        assert row.action == action
        assert row.acted_at == (NOW - timedelta(hours=hours_ago) if action else None)


async def test_a_reaction_in_the_thread_counts_too(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village, mia, _, row = await _recommended(session)
        opener: Any = (await session.scalars(select(Message))).first()
        await village.react(mia, opener)

        await feedback.note_actions(session, village.community.id, now=NOW)

        await session.refresh(row)
        assert row.action == "reacted"


async def test_what_an_older_version_noted_still_loads_and_is_written_back_unchanged(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        *_, row = await _recommended(session)
        await session.execute(text("UPDATE recommendation SET action = 'opened'"))

    async with sqlite.transaction() as session:
        again = await session.get_one(Recommendation, row.id)
        assert (again.action, again.action in list(Response)) == ("opened", False)
        again.position = 7

    async with sqlite.reading() as session:
        assert (await session.execute(text("SELECT action, position FROM recommendation"))).one() == ("opened", 7)
