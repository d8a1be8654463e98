from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.conversations import facts as thread_facts
from models.domain.conversations import threads
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.conversations.words import terms_of
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.serving import training
from models.reading.text_kinds import TextKind
from models.tables.message import Message, Thread
from tests.factories import give_consent
from tests.village import NOW, Village


async def weave(session: AsyncSession, village: Village) -> int:
    planned = await threads.plan(session, village.community.id, now=NOW)
    tied = await threads.write(session, village.community.id, planned)
    learnt = await training.read_log(session, village.community.id, since=NOW - timedelta(days=30), until=NOW)
    terms = await terms_of(session, village.community.id, learnt)
    facts = await thread_facts.describe(session, village.community.id, terms, now=NOW, touched_ids=set(tied.values()))
    await thread_facts.write(session, facts)
    return len(tied)


async def _thread_of(session: AsyncSession, message: Message) -> Thread | None:
    query = select(Thread).join(Message, Message.thread_id == Thread.id).where(Message.id == message.id)
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def _conversation(session: AsyncSession, village: Village, thread: Thread) -> Conversation | None:
    told = await describe_threads(session, [thread.id], await learners(session, village.community.id))
    return told.get(thread.id)


async def test_replies_make_a_thread_and_strangers_are_counted_in_it(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo, quiet = await village.learner("Mia"), await village.learner("Jo"), await village.silent("Quiet")
        asked = await village.say(mia, "Does anyone know a logistics partner?", hours_ago=30)
        await village.say(jo, "we use a logistics partner in Berlin", hours_ago=29, reply_to=asked)
        await village.say(quiet, "secretword is better", hours_ago=28, reply_to=asked)
        other = await village.say(jo, "good morning", hours_ago=2)

        n = await weave(session, village)
        thread = await _thread_of(session, asked)

        assert n == 4
        assert thread is not None
        conversation = await _conversation(session, village, thread)
        assert conversation is not None
        assert (conversation.n_people(), conversation.kind, conversation.is_open) == (3, TextKind.QUESTION, False)
        assert "logistics" in thread.keywords
        assert not any("secretword" in word for word in thread.keywords)
        assert await _thread_of(session, other) != thread


async def test_a_stranger_without_a_reply_link_is_in_no_thread(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        quiet = await village.silent("Quiet")
        said = await village.say(quiet, "hello")

        n = await weave(session, village)

        assert n == 0
        assert await _thread_of(session, said) is None


async def test_weaving_again_changes_nothing_and_new_messages_join(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        asked = await village.say(mia, "Which bank do you use?", hours_ago=24 * 20)
        await weave(session, village)
        before = await _thread_of(session, asked)
        assert before is not None

        again = await weave(session, village)
        late = await village.say(jo, "N26 works well for us", hours_ago=1, reply_to=asked)
        joined = await weave(session, village)

        assert (again, joined) == (0, 1)
        after = await _thread_of(session, late)
        assert after is not None
        assert after.id == before.id
        conversation = await _conversation(session, village, after)
        assert conversation is not None
        assert [answer.words.member_id for answer in conversation.answers] == [jo.id]


async def test_who_consents_later_is_woven_then(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        quiet = await village.silent("Quiet")
        said = await village.say(quiet, "Which bank do you use?", hours_ago=24 * 20)
        assert await weave(session, village) == 0
        await give_consent(session, quiet, village.community, "learn")

        assert await weave(session, village) == 1
        thread = await _thread_of(session, said)
        assert thread is not None
        assert await _conversation(session, village, thread) is not None


async def test_who_takes_consent_back_leaves_no_word_in_a_recent_thread(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        asked = await village.say(mia, "Does anyone know a logistics partner?", hours_ago=30)
        await village.say(jo, "we like warehouses", hours_ago=29, reply_to=asked)
        await weave(session, village)
        await consent.decide(
            session,
            member_id=mia.id,
            community_id=village.community.id,
            purposes=["learn"],
            is_given=False,
            now=NOW,
            way="button",
        )

        await weave(session, village)

        thread = await _thread_of(session, asked)
        assert thread is not None
        assert not thread.keywords
        assert await _conversation(session, village, thread) is None
