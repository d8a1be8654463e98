"""What a thread is, as it may be told: by the reply tree, and by what surely belongs to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.members.learners import learners
from models.reading.text_kinds import TextKind
from models.tables.message import Message, Tie
from tests.models.domain.conversations.test_threads import weave
from tests.village import NOW, Village


async def _conversation(session: AsyncSession, village: Village, message: Message) -> Conversation | None:
    """Weave, then what the message's thread is."""
    await weave(session, village)
    await session.refresh(message)
    allowed = await learners(session, village.community.id)
    found = await describe_threads(session, [message.thread_id or 0], allowed)
    return found.get(message.thread_id or 0)


async def test_a_question_and_its_answers_are_told(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo, ana = await village.learner("Mia"), await village.learner("Jo"), await village.learner("Ana")
        quiet = await village.silent("Quiet")
        asked = await village.say(mia, "Who can recommend a lawyer? (edit: typo)", hours_ago=9)
        first = await village.say(jo, "Try Weber & Partner, very quick", hours_ago=8, reply_to=asked)
        second = await village.say(quiet, "secret words", hours_ago=7, reply_to=asked)
        thanks = await village.say(mia, "Thanks Jo, that helps!", hours_ago=6, reply_to=first)
        await village.say(ana, "+1", hours_ago=5, reply_to=asked)
        await village.react(quiet, first)
        await village.react(ana, second)

        told = await _conversation(session, village, asked)

        assert told is not None
        assert (told.head.text, told.kind, told.author_id) == ("Who can recommend a lawyer?", TextKind.QUESTION, mia.id)
        assert (told.asked_at, told.last_at) == (asked.sent_at, NOW - (NOW - thanks.sent_at) * 5 / 6)
        assert [(one.words.member_id, one.words.text) for one in told.answers] == [
            (jo.id, "Try Weber & Partner, very quick"),
            (quiet.id, None),
        ]
        assert (told.answers[0].agreeing, told.answers[0].is_thanked) == ({quiet.id, mia.id}, True)
        assert (told.answers[1].agreeing, told.answers[1].is_thanked) == ({ana.id}, False)
        assert told.best_answer == told.answers[0]
        assert (told.is_question, told.is_open, told.is_small_talk) == (True, False, False)
        assert (told.n_people(), told.participants) == (4, {mia.id, jo.id, ana.id})
        assert told.n_people(since=thanks.sent_at) == 2


async def test_a_story_and_its_question_in_one_go_are_one_head(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        hello = await village.say(mia, "Hi all!", hours_ago=2)
        story = await village.say(mia, "Our pallets are stuck in Gdańsk.", hours_ago=1.99)
        await village.say(mia, "Whom do we call?", hours_ago=1.98)

        told = await _conversation(session, village, hello)

        assert told is not None
        assert told.head.text == "Our pallets are stuck in Gdańsk. Whom do we call?"
        assert told.head.message_id == story.id
        assert (told.kind, told.is_open) == (TextKind.QUESTION, True)


Play = Callable[[Village], Awaitable[Message]]


async def _a_bare_greeting(village: Village) -> Message:
    mia, jo = await village.learner("Mia"), await village.learner("Jo")
    said = await village.say(mia, "Good morning everyone 👋", hours_ago=3)
    await village.say(jo, "morning!", hours_ago=2.9, reply_to=said)
    return said


async def _a_stranger(village: Village) -> Message:
    quiet, jo = await village.silent("Quiet"), await village.learner("Jo")
    said = await village.say(quiet, "Which bank do you use?", hours_ago=3)
    await village.say(jo, "The one at the corner is fine", hours_ago=2, reply_to=said)
    return said


async def _a_deleted_question(village: Village) -> Message:
    mia, jo = await village.learner("Mia"), await village.learner("Jo")
    said = await village.say(mia, "Which bank do you use?", hours_ago=3, deleted_at=NOW)
    return await village.say(jo, "The one at the corner is fine", hours_ago=2, reply_to=said)


async def _an_answer_to_something_unknown(village: Village) -> Message:
    jo = await village.learner("Jo")
    return await village.say(jo, "The one at the corner is fine", hours_ago=2, reply_to_telegram_id=4711)


async def _an_answer_by_address(village: Village) -> Message:
    jo = await village.learner("Jo")
    return await village.say(jo, "@claud rather than rerunning the setup try the new script", hours_ago=2)


@pytest.mark.parametrize(
    "play", [_a_bare_greeting, _a_stranger, _a_deleted_question, _an_answer_to_something_unknown, _an_answer_by_address]
)
async def test_nothing_is_told_of(sqlite: Database, play: Play) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)

        told = await _conversation(session, village, await play(village))

        assert told is None


async def test_a_question_answering_a_greeting_is_the_head_without_the_greeter(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo, ana = await village.learner("Mia"), await village.learner("Jo"), await village.learner("Ana")
        hello = await village.say(mia, "good morning", hours_ago=9)
        asked = await village.say(jo, "Morning! Who knows a notary in Berlin?", hours_ago=8, reply_to=hello)
        await village.say(ana, "Mine is in Mitte", hours_ago=7, reply_to=asked)

        told = await _conversation(session, village, hello)

        assert told is not None
        assert (told.author_id, told.head.message_id) == (jo.id, asked.id)
        assert told.participants == {jo.id, ana.id}
        assert [one.words.member_id for one in told.answers] == [ana.id]


async def test_commands_words_to_a_bot_and_talk_about_them_are_in_no_thread(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        bot = await village.silent("Klatch", is_bot=True)
        command = await village.say(mia, "/event@klatch Demo night, Fri 19:00", hours_ago=9)
        card = await village.say(bot, "Demo night", hours_ago=8.9, sender="bot")
        to_card = await village.say(jo, "Is there parking at the place?", hours_ago=8.8, reply_to=card)
        to_unseen = await village.say(
            jo, "thank you, klatch", hours_ago=8.7, reply_to_telegram_id=99, reply_to_member_id=bot.id
        )
        to_command = await village.say(jo, "What a good title!", hours_ago=8.6, reply_to=command)
        deeper = await village.say(mia, "Yes, behind the building", hours_ago=8.5, reply_to=to_card)

        n = await weave(session, village)

        assert n == 0
        for said in (command, to_card, to_unseen, to_command, deeper):
            await session.refresh(said)
            assert (said.thread_id, said.tie) == (None, Tie.ASIDE)
        assert await weave(session, village) == 0


async def test_a_probable_answer_or_a_stranger_next_door_leaves_a_question_open_but_in_doubt(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, quiet = await village.learner("Mia"), await village.silent("Quiet")
        doubtful = await village.say(mia, "Who knows a lawyer?", hours_ago=30)
        await village.say(quiet, "my cousin", hours_ago=29.9)
        certain = await village.say(mia, "Which bank do you use?", hours_ago=3)

        in_doubt = await _conversation(session, village, doubtful)
        sure = await _conversation(session, village, certain)

        assert in_doubt is not None
        assert sure is not None
        assert (in_doubt.is_open, in_doubt.may_be_answered) == (True, True)
        assert (sure.is_open, sure.may_be_answered) == (True, False)
