"""Did they meet? Who is asked when, what is kept of it, and to whose credit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.erasure import personal_data, retention
from models.domain.erasure.retention import Limits
from models.domain.introductions import follow_ups, introductions, proposals
from models.domain.introductions.introductions import NotASide
from models.domain.introductions.proposals import Answer
from models.domain.members import consent
from models.domain.sending import deliveries
from models.tables.consent import Purpose, Way
from models.tables.interaction import Interaction
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide, Outcome
from models.tables.member import Member
from tests.village import NOW, Village

DAY = timedelta(days=1)
WEEK = NOW + 7 * DAY


class Two:
    """Mia and Jo, introduced now."""

    def __init__(self, session: AsyncSession, village: Village, introduction: Introduction, mia: Member, jo: Member):
        self.session, self.village, self.introduction, self.mia, self.jo = session, village, introduction, mia, jo

    @classmethod
    async def introduced(cls, session: AsyncSession) -> Two:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        where = {"kind": IntroductionKind.ROUND, "reasons": [], "now": NOW}
        one = await introductions.propose(session, village.community.id, [mia.id, jo.id], **where)
        for member in (mia, jo):
            await proposals.reply(session, one.id, member.id, Answer.YES, now=NOW)
        return cls(session, village, one, mia, jo)

    async def asked(self, at: datetime) -> list[str]:
        """Who is asked then; each is asked for good."""
        questions = await follow_ups.due(self.session, now=at)
        for one in questions:
            who = {"member_id": one.member.id, "payload": {}, "now": at, "about": one.about}
            await deliveries.queue(self.session, "follow_up", **who)
        return [one.member.name for one in questions]

    async def say(self, who: Member, outcome: Outcome, at: datetime = WEEK) -> bool:
        return await follow_ups.note(self.session, self.introduction.id, who.id, outcome, now=at)


async def test_each_is_asked_once_after_a_week(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)

        asked = [await two.asked(at) for at in (WEEK - timedelta(seconds=1), WEEK, WEEK + DAY)]

        assert asked == [[], ["Mia", "Jo"], []]


async def test_after_not_yet_once_more_and_not_after_anything_else(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)
        await two.asked(WEEK)

        again = [await two.say(two.mia, Outcome.NOT_YET), await two.say(two.jo, Outcome.WONT)]
        asked = [await two.asked(at) for at in (WEEK + 6 * DAY, WEEK + 7 * DAY)]
        last = await two.say(two.mia, Outcome.NOT_YET, WEEK + 7 * DAY)

        assert (again, asked, last) == ([True, False], [[], ["Mia"]], False)
        assert await two.asked(WEEK + 15 * DAY) == []


async def test_who_stopped_left_or_cannot_be_reached_is_not_asked_nor_about_who_left(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)
        wei = await two.village.learner("Wei")
        where = {"kind": IntroductionKind.ROUND, "reasons": [], "now": NOW}
        other = await introductions.propose(session, two.village.community.id, [wei.id, two.mia.id], **where)
        for member in (wei, two.mia):
            await proposals.reply(session, other.id, member.id, Answer.YES, now=NOW)
        no = {"purposes": [Purpose.INTRODUCE], "is_given": False, "now": NOW, "way": Way.BUTTON}
        await consent.decide(session, member_id=two.jo.id, community_id=two.village.community.id, **no)
        await personal_data.forget(session, wei, now=NOW)

        assert await two.asked(WEEK) == ["Mia"]
        two.mia.reachable_at = None
        assert await follow_ups.due(session, now=WEEK + DAY) == []


async def test_a_meeting_is_to_the_others_credit_until_it_is_taken_back(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)
        ids = [two.mia.id, two.jo.id]

        await two.say(two.mia, Outcome.MET)
        await two.say(two.mia, Outcome.MET)
        kept = await follow_ups.promises_kept(session, ids)
        rows = list(await session.scalars(select(Interaction).where(Interaction.kind == "met")))
        await two.say(two.mia, Outcome.WONT)

        assert kept == {two.jo.id: 1}
        assert [(one.member_id, one.about_member_id, one.value) for one in rows] == [(two.mia.id, two.jo.id, 1)]
        assert await follow_ups.promises_kept(session, ids) == {}


async def test_nobody_else_may_say_what_came_of_it(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)
        eve = await two.village.learner("Eve")
        where = {"kind": IntroductionKind.ROUND, "reasons": [], "now": NOW}
        proposed = await introductions.propose(session, two.village.community.id, [eve.id, two.mia.id], **where)

        for introduction_id in (two.introduction.id, proposed.id, 999):
            with pytest.raises(NotASide):
                await follow_ups.note(session, introduction_id, eve.id, Outcome.MET, now=WEEK)


async def test_a_sentence_is_its_writers_own_and_goes_with_time(database: Database) -> None:
    async with database.transaction() as session:
        two = await Two.introduced(session)
        await two.say(two.mia, Outcome.MET)
        await follow_ups.say(session, two.introduction.id, two.mia.id, "  She saved us months. ")

        own, theirs = [await personal_data.export(session, one) for one in (two.mia, two.jo)]

        assert own["introduction_side"][0]["sentence"] == "She saved us months."
        assert "months" not in str(theirs)
    await retention.apply(database, now=WEEK + 4000 * DAY, limits=Limits(written_days=365, raw_days=1))
    async with database.reading() as session:
        assert set(await session.scalars(select(IntroductionSide.sentence))) == {None}
