from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.digests import feedback
from models.domain.members import consent
from models.domain.serving import training
from models.domain.serving.training import Material
from models.learning.dataset import Action, ItemKind, RsvpCode
from models.tables.delivery import Delivery
from models.tables.member import Member, Membership
from models.tables.message import Message, Thread
from models.tables.recommendation import Recommendation
from tests.factories import join, make_event, make_rsvp
from tests.village import NOW, Village

# A member's id that no other number of a test is equal to.
UNMISTAKABLE = 987_654_321


async def read(session: AsyncSession, village: Village) -> Material:
    return await training.read_log(session, village.community.id, since=NOW - timedelta(days=30), until=NOW)


def _numbers_in(learnt: Material) -> set[int]:
    """Every number in every array."""
    tables = (learnt.log.messages, learnt.log.reactions, learnt.log.rsvps, learnt.log.feedback, learnt.log.joins)
    arrays = [getattr(table, column.name) for table in tables for column in dataclasses.fields(table)]
    arrays = [array for array in arrays if isinstance(array, np.ndarray) and array.dtype == np.int64]
    return {int(number) for array in [*arrays, learnt.thread_id] for number in array}


async def _talk(village: Village, mia: Member, other: Member) -> None:
    """Mia and the other do everything that members do, to each other and to events."""
    question = await village.say(other, "who knows a lawyer?", hours_ago=5)
    await village.say(mia, "I do", hours_ago=4, reply_to=question)
    answer = await village.say(mia, "ask @other there", hours_ago=3, mentions=other)
    await village.say(other, "thanks", hours_ago=2, reply_to=answer, mentions=mia)
    await village.react(other, answer)
    await village.react(mia, question)
    event = await make_event(village.session, village.community)
    await make_rsvp(village.session, event, other, answered_at=NOW - timedelta(hours=2))


async def test_what_a_learner_did_is_in_the_arrays(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        await _talk(village, mia, jo)

        learnt = await read(session, village)

    messages = learnt.log.messages
    assert messages.member.tolist() == [jo.id, mia.id, mia.id, jo.id]
    assert messages.reply_to.tolist() == [-1, 0, -1, 2]
    assert list(zip(messages.mentioning.tolist(), messages.mentioned_member.tolist(), strict=True)) == [
        (2, jo.id),
        (3, mia.id),
    ]
    assert messages.text[2].split() == ["ask", "there"]
    assert sorted(
        zip(learnt.log.reactions.member.tolist(), learnt.log.reactions.message.tolist(), strict=True)
    ) == sorted([(jo.id, 2), (mia.id, 0)])
    assert learnt.log.rsvps.status.tolist() == [RsvpCode.GOING]


async def test_talk_is_the_messages_of_the_log_and_nothing_else(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        await _talk(village, mia, jo)

        since = NOW - timedelta(days=30)
        learnt = await read(session, village)
        talk = await training.read_talk(session, village.community.id, since=since, until=NOW)

    assert talk.log.messages.text == learnt.log.messages.text
    assert talk.log.messages.mentioned_member.tolist() == learnt.log.messages.mentioned_member.tolist()
    assert (talk.learners, talk.thread_id.tolist()) == (learnt.learners, learnt.thread_id.tolist())
    assert not len(talk.log.reactions.member) + len(talk.log.rsvps.member) + len(talk.log.joins.member)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="was never asked"),
        pytest.param({"purpose": "learn"}, id="took the yes back"),
        pytest.param({"purpose": "record"}, id="declined being recorded"),
        pytest.param({"left": True}, id="left"),
        pytest.param({"is_bot": True}, id="is a bot"),
    ],
)
async def test_a_member_without_consent_appears_in_no_array(database: Database, change: dict[str, Any]) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        other = await (village.learner if change else village.silent)("Jo", id=UNMISTAKABLE)
        await _talk(village, mia, other)
        await _change(village, other, change)

        learnt = await read(session, village)

    assert UNMISTAKABLE not in _numbers_in(learnt)
    assert learnt.learners == {mia.id}
    assert learnt.log.messages.reply_to.tolist() == [-1, -1]
    assert len(learnt.log.messages.mentioning) == 0
    assert not any("lawyer" in text for text in learnt.log.messages.text)


async def _change(village: Village, member: Member, change: dict[str, Any]) -> None:
    if purpose := change.get("purpose"):
        await consent.decide(
            village.session,
            member_id=member.id,
            community_id=village.community.id,
            purposes=[purpose],
            is_given=False,
            now=NOW,
            way="button",
        )
    if change.get("left"):
        left = update(Membership).where(Membership.member_id == member.id)
        await village.session.execute(left.values(left_at=NOW))
    member.is_bot = bool(change.get("is_bot"))
    await village.session.flush()


async def test_consent_in_one_community_says_nothing_in_another(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        here, there = await Village.found(session), await Village.found(session)
        mia = await here.learner("Mia", id=UNMISTAKABLE)
        await join(session, mia, there.community)
        await there.say(mia, "not for learning")

        assert mia.id not in _numbers_in(await read(session, there))
        assert mia.id in (await read(session, here)).learners


async def test_channels_bots_and_deleted_messages_teach_nothing(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        await village.say(mia, "posted by a channel", sender="channel")
        await village.say(mia, "joined", kind="service:new_chat_members")
        await village.say(mia, "gone", deleted_at=NOW)
        await village.say(None, "anonymous admin", sender="anonymous_admin")

        learnt = await read(session, village)

    assert len(learnt.log.messages) == 0


async def test_presses_under_a_digest_are_feedback_about_the_threads_first_message(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        opener = await village.say(jo, "who knows a lawyer?", hours_ago=30)
        await village.say(jo, "anyone?", hours_ago=29)
        thread_id = await _thread(village)
        row = await _recommend(village, mia, thread_id, sent_at=NOW - timedelta(hours=20))
        await feedback.note(session, row, "less", now=NOW - timedelta(hours=19))

        learnt = await read(session, village)

    told = learnt.log.feedback
    assert told.action.tolist() == [Action.SHOWN, Action.LESS_LIKE_THIS]
    assert set(told.item_kind.tolist()) == {ItemKind.THREAD}
    assert set(told.item_id.tolist()) == {opener.id}
    assert np.isin(told.member, [mia.id]).all()


async def _thread(village: Village) -> int:
    thread = Thread(community_id=village.community.id, chat_id=village.chat.id, last_at=NOW)
    village.session.add(thread)
    await village.session.flush()
    await village.session.execute(update(Message).values(thread_id=thread.id, tie="head", is_certain=True))
    return thread.id


async def _recommend(village: Village, member: Member, thread_id: int, *, sent_at: Any) -> Recommendation:
    delivery = Delivery(
        kind="digest", method="sendMessage", payload={}, member_id=member.id, created_at=sent_at, due_at=sent_at
    )
    delivery.sent_at = sent_at
    village.session.add(delivery)
    await village.session.flush()
    row = Recommendation(
        community_id=village.community.id,
        member_id=member.id,
        delivery_id=delivery.id,
        item_kind="thread",
        item_id=thread_id,
        source="content",
        position=0,
        score=0.1,
        reasons=[],
        created_at=sent_at,
    )
    village.session.add(row)
    await village.session.flush()
    return row
