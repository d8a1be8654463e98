"""What somebody says in plain, hours or days after a question: where it may answer it, nobody is told of "no answer yet"."""

from __future__ import annotations

import pytest

from models.database import Database
from models.domain.conversations import later_words
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.members.learners import learners
from tests.models.domain.conversations.test_threads import weave
from tests.village import Village

FORWARDER = "Looking for a freight forwarder who knows lithium cells and Brazil"
FORWARDER_ZH = "在找懂锂电池、做过巴西线的货代"
FIRMWARE = "Our new firmware drains the battery overnight. Where would you look first?"
FIRMWARE_ZH = "我们的蓝牙模块休眠的时候还是很耗电，一晚上掉一半，先查哪里？"


async def _told(
    database: Database, asked: str, later: str, hours: float, *, by: str = "Jo", reply: bool = False
) -> Conversation | None:
    """The question as it is told after somebody wrote that so many hours later, among other talk."""
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, ana = await village.learner("Mia"), await village.learner("Ana")
        who = mia if by == "Mia" else await village.learner("Jo")
        question = await village.say(mia, asked, hours_ago=200)
        other = await village.say(ana, "Which café has good wifi near the station?", hours_ago=200 - hours + 0.3)
        await village.say(who, later, hours_ago=200 - hours, reply_to=other if reply else None)
        await weave(session, village)
        await session.refresh(question)
        allowed = await learners(session, village.community.id)
        return (await describe_threads(session, [question.thread_id or 0], allowed)).get(question.thread_id or 0)


@pytest.mark.parametrize(
    ("asked", "later", "hours"),
    [
        # Somebody has it, says so two days later, in whichever language.
        (FORWARDER, "I can introduce you to our freight forwarder, they ship batteries every month", 46),
        (FORWARDER_ZH, "可以介绍我们的货代给大家，他们每个月都走南美的电池", 46),
        (FORWARDER, "可以介绍我们的货代给大家，他们每个月都走南美的电池", 46),
        # A remark of the same field, the next day.
        (FORWARDER, "Customs in Santos took us three weeks, get the paperwork done before", 30),
        (FORWARDER_ZH, "桑托斯海关卡了我们三周，报关单要提前做好", 30),
        # One of no field, but with a rare word of the question.
        (FIRMWARE, "It was the firmware of the radio for us, the vendor mended it", 50),
        # Soon after, and plain.
        (FIRMWARE_ZH, "先把外设一个个拔掉测电流，我们最后查出来是上拉电阻", 1.4),
        ("最近真正读完的书是哪本？", "投资条款手册算吗？", 0.6),
    ],
)
async def test_what_may_answer_it_leaves_no_answer_yet_unsaid(
    sqlite: Database, asked: str, later: str, hours: float
) -> None:
    told = await _told(sqlite, asked, later, hours)

    assert told is not None
    assert not told.is_open or told.may_be_answered


@pytest.mark.parametrize(
    ("asked", "later", "hours", "by", "reply"),
    [
        # Another subject, another question, another's talk, their own words, long after.
        (FORWARDER, "Redesign is live, we cut the navigation from eleven entries to four", 30, "Jo", False),
        (FORWARDER_ZH, "第一次招人，先招销售还是先招客服？", 30, "Jo", False),
        (FORWARDER, "Which forwarder do you use for small parcels?", 30, "Jo", False),
        (FORWARDER, "Customs in Santos took us three weeks", 30, "Jo", True),
        (FORWARDER_ZH, "桑托斯海关卡了我们三周", 30, "Mia", False),
        (FORWARDER, "Customs in Santos took us three weeks", 100, "Jo", False),
        (FIRMWARE_ZH, "先把外设一个个拔掉测一遍", 20, "Jo", False),
        # News of one's own with a link begins something.
        (FORWARDER, "We switched our freight to rail, numbers: https://example.org/n", 30, "Jo", False),
    ],
)
async def test_what_surely_does_not_leaves_it_open(
    sqlite: Database, asked: str, later: str, hours: float, by: str, reply: bool
) -> None:
    told = await _told(sqlite, asked, later, hours, by=by, reply=reply)

    assert told is not None
    assert (told.is_open, told.may_be_answered) == (True, False)


async def test_who_may_have_answered_is_not_asked_to_help(sqlite: Database) -> None:
    told = await _told(sqlite, FORWARDER, "I can introduce you to our freight forwarder", 46)

    assert told is not None
    assert len(told.perhaps_answered_by) == 1
    assert told.author_id not in told.perhaps_answered_by


async def test_where_too_much_was_said_since_it_is_not_known(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later_words, "MOST_READ", 1)

    told = await _told(sqlite, FORWARDER, "Redesign is live, we cut the navigation from eleven entries to four", 30)

    assert told is not None
    assert told.may_be_answered


async def test_what_was_answered_is_not_counted_where_there_may_be_one_more(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, ana, jo = [await village.learner(name) for name in ("Mia", "Ana", "Jo")]
        question = await village.say(mia, FORWARDER, hours_ago=200)
        await village.say(ana, "Ours in Hamburg does Brazil twice a month", hours_ago=199, reply_to=question)
        await village.say(jo, "I can introduce you to our freight forwarder, they ship batteries", hours_ago=150)
        await weave(session, village)
        await session.refresh(question)
        allowed = await learners(session, village.community.id)
        told = (await describe_threads(session, [question.thread_id or 0], allowed))[question.thread_id or 0]

    assert (told.is_open, len(told.answers), told.may_be_answered) == (False, 1, True)
    assert told.perhaps_answered_by == {jo.id}
