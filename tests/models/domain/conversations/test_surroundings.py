"""Answers without a reply link: known for answers when the asker took them up, a doubt otherwise."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.members.learners import learners
from models.tables.member import Member
from models.tables.message import Message, Tie
from tests.models.domain.conversations.test_threads import weave
from tests.village import Village

QUESTION = "How much equity did your first designer get?"


class Talk:
    """A question of Mia's, what Jo or a silent member says after it without a link, and how Mia goes on."""

    def __init__(self, session: AsyncSession, village: Village) -> None:
        self.session, self.village = session, village

    async def told(self, answer: str, reply: str, *, by: str = "Jo", between: str = "") -> Conversation | None:
        mia = await self.village.learner("Mia")
        who: Member = await (self.village.learner(by) if by == "Jo" else self.village.silent(by))
        asked = await self.village.say(mia, QUESTION, hours_ago=9)
        if between:
            await self.village.say(mia, between, hours_ago=8.5)
        said = await self.village.say(who, answer, hours_ago=8)
        await self.village.say(mia, reply, hours_ago=7, reply_to=said)
        await weave(self.session, self.village)
        await self.session.refresh(asked)
        await self.session.refresh(said)
        # Closeness alone does not say that it answers: that is what this is about.
        assert (said.tie, said.is_certain) != (Tie.CERTAIN, True)
        allowed = await learners(self.session, self.village.community.id)
        threads = [one.thread_id for one in (asked, said) if one.thread_id]
        return (await describe_threads(self.session, threads, allowed)).get(asked.thread_id or 0)


@pytest.mark.parametrize("by", ["Jo", "Quiet"])
async def test_what_the_asker_thanks_for_is_the_answer(database: Database, by: str) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        told = await Talk(session, village).told("Less than she deserved", "Very useful, thank you!", by=by)

        assert told is not None
        assert (told.is_open, told.may_be_answered, told.n_people()) == (False, False, 2)
        [answer] = told.answers
        assert answer.is_thanked
        # The words of who said no are counted, not read.
        assert answer.words.text == ("Less than she deserved" if by == "Jo" else None)
        assert len(told.participants) == (2 if by == "Jo" else 1)


async def test_the_answer_is_no_thread_of_its_own_beside_its_question(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        await Talk(session, village).told("Less than she deserved", "Very useful, thank you!")
        allowed = await learners(session, village.community.id)
        rows = await session.execute(Message.__table__.select().with_only_columns(Message.thread_id))
        told = await describe_threads(session, [one for (one,) in rows if one], allowed)

        assert [one.head.text for one in told.values()] == [QUESTION]


@pytest.mark.parametrize(
    ("answer", "reply", "between"),
    [
        # They congratulate for somebody's news, or ask about it.
        ("We closed our round!", "Congratulations!", ""),
        ('Looking forward to "Warehouse tour and questions", first time for me', "Which train do you take?", ""),
        ("I have 20 spare boards, free for anybody", "Which revision are they?", ""),
        (
            "We closed our bridge this morning! Wrote it all down: https://example.org/n",
            "Gold, thank you for writing it",
            "",
        ),
        # They had asked something else since.
        ("Less than she deserved", "Thanks, that helps!", "And who knows a good notary in Berlin?"),
    ],
)
async def test_what_they_answer_otherwise_leaves_it_open(
    sqlite: Database, answer: str, reply: str, between: str
) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        told = await Talk(session, village).told(answer, reply, between=between)

        assert told is not None
        assert told.is_open


async def test_who_asks_and_then_talks_where_others_went_on_may_have_their_answer(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo, ada = await village.learner("Mia"), await village.learner("Jo"), await village.learner("Ada")
        asked = await village.say(mia, "We're looking for a backend engineer. Who can recommend somebody?", hours_ago=9)
        unlinked = await village.say(jo, "Trial week or interviews? People will ask", hours_ago=8.5)
        same = await village.say(ada, "Following this, same question here", hours_ago=8, reply_to=unlinked)
        await village.say(mia, "Thank you all", hours_ago=7, reply_to=same)
        much_later = await village.say(ada, "Who knows a good notary?", hours_ago=5)
        await weave(session, village)
        for one in (asked, unlinked, much_later):
            await session.refresh(one)
        assert asked.thread_id != unlinked.thread_id
        allowed = await learners(session, village.community.id)
        told = await describe_threads(session, [asked.thread_id or 0, much_later.thread_id or 0], allowed)

        assert told[asked.thread_id or 0].may_be_answered
        assert not told[much_later.thread_id or 0].may_be_answered


async def test_nobody_may_have_answered_themselves(sqlite: Database) -> None:
    """What the asker wrote on is looked at beside others' questions, of which it may be an answer."""
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        asked = await village.say(mia, "Which freight company carries pianos?", hours_ago=24)
        await village.say(jo, "Which notary is quick?", hours_ago=23)
        on = await village.say(mia, "Selling two monitors, by the way", hours_ago=21)
        await weave(session, village)
        await session.refresh(asked)
        await session.refresh(on)

        told = await describe_threads(session, [asked.thread_id or 0], await learners(session, village.community.id))

        assert on.tie == Tie.PROBABLE
        assert mia.id not in told[asked.thread_id or 0].perhaps_answered_by
