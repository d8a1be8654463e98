from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text, update

from bot.playground.clock import SimulatedClock
from models.database import Database
from models.tables.base import Base
from models.tables.delivery import Delivery
from models.tables.inbox import RawUpdate
from models.tables.member import Member
from models.tables.message import Message
from tests.stage import Stage


@pytest.fixture
async def stage(database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """The usual one, on both databases: what is exported and erased are rows."""
    opened = Stage(database, clock)
    await opened.open()
    yield opened
    await opened.close()


async def test_mydata_holds_every_table_that_names_the_member(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    said = stage.telegram.say(mia, club, "I need a lawyer")
    stage.telegram.react(mia, said, ["👍"])
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "✅ Yes to everything")
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/mydata")

    await stage.settle()

    everything = json.loads(await stage.file_in(stage.read_by(mia)[-1]))
    assert "I need a lawyer" in [row["text"] for row in everything["message"]]
    assert everything["member"][0]["name"] == "Mia"
    assert {"consent", "consent_decision", "interaction", "membership", "presence", "reaction"} <= everything.keys()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "further up in this chat. I make one an hour"), ("zh", "就在上面。每小时最多生成一份")],
)
async def test_eight_times_mydata_is_one_file_and_where_it_is(stage: Stage, language: str, said: str) -> None:
    club, *_ = stage.club()
    mia = stage.telegram.add_user(first_name="Mia", language_code=language)
    stage.telegram.join(club, mia)
    stage.telegram.say(mia, club, "I need a lawyer")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    for _ in range(8):
        stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/mydata")
    await stage.settle(12)

    answers = stage.read_by(mia)[-8:]
    assert ["document" in one for one in answers] == [True] + [False] * 7
    assert all(said in one["text"] for one in answers[1:])


async def test_no_export_holds_an_earlier_one_or_another_file(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "I need a lawyer")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    files = []
    for _ in range(8):
        stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/mydata")
        await stage.settle()
        files.append(await stage.file_in(stage.read_by(mia)[-1]))
        await stage.pass_time(timedelta(hours=1))

    growth = [len(later) - len(earlier) for earlier, later in pairwise(files)]
    payloads = [row["payload"] for row in json.loads(files[-1])["delivery"]]
    documents = [one["document"] for one in payloads if "document" in one]
    assert documents == [{"filename": "klatch-mydata.json"}] * 7
    # Each command, its raw update and its answer are new; what went before is not told twice.
    assert max(growth) < 8_000
    assert max(growth) - min(growth) < 200


async def test_a_file_that_could_not_be_sent_keeps_nobody_from_the_next(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/mydata")
    await stage.settle()
    async with stage.database.transaction() as session:
        files = update(Delivery).where(Delivery.method == "sendDocument")
        await session.execute(files.values(sent_at=None, failed_at=stage.clock.now(), failure="refused: too large"))

    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/mydata")
    await stage.settle()

    assert "document" in stage.read_by(mia)[-1]


async def test_forgetme_leaves_no_row_that_names_the_member_and_no_word_of_theirs(stage: Stage) -> None:
    club, _, [mia, jo] = stage.club("Mia", "Jo")
    said = stage.telegram.say(mia, club, "I need a lawyer @jo")
    stage.telegram.say(jo, club, "I know one", reply_to=said)
    stage.telegram.react(jo, said, ["👍"])
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "✅ Yes to everything")
    await stage.settle()
    async with stage.database.reading() as session:
        mias_row = await session.scalar(select(Member.id).where(Member.telegram_id == mia.id))

    press = await stage.forgetme(mia)

    async with stage.database.reading() as session:
        assert await session.scalar(select(Member.id).where(Member.telegram_id == mia.id)) is None
        assert [one for one in await session.scalars(select(Message.text)) if one] == ["I know one"]
        assert await session.scalar(select(func.count(RawUpdate.id)).where(RawUpdate.sender_telegram_id == mia.id)) == 0
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table.name == "member":
                    orphans = f"SELECT count(*) FROM {table.name} WHERE {key.parent.name} = {mias_row}"
                    assert await session.scalar(text(orphans)) in (0, None), table.name
    assert "erased" in press.answer["text"]


@pytest.mark.parametrize(
    ("language", "label", "said", "left"),
    [
        ("en", "🗑 Yes, forget me", "everything I held about you is erased", "I make no backups"),
        ("zh", "🗑 是的，全部删除", "已全部删除", "我自己不做备份"),
    ],
)
async def test_the_question_of_forgetme_becomes_what_was_done(
    stage: Stage, language: str, label: str, said: str, left: str
) -> None:
    club, *_ = stage.club()
    mia = stage.telegram.add_user(first_name="Mia", language_code=language)
    stage.telegram.join(club, mia)
    stage.telegram.say(mia, club, "I need a lawyer")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    await stage.forgetme(mia, label)

    question = stage.read_by(mia)[-1]
    assert said in question["text"]
    assert left in question["text"]
    assert "reply_markup" not in question


async def test_the_question_of_forgetme_becomes_that_nothing_was_erased(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "I need a lawyer")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    await stage.forgetme(mia, "Keep everything")

    assert stage.read_by(mia)[-1]["text"] == "OK, nothing was erased."
    assert "reply_markup" not in stage.read_by(mia)[-1]


async def test_who_writes_after_being_forgotten_begins_anew(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    await stage.forgetme(mia)

    stage.telegram.say(mia, club, "hello again")
    await stage.settle()

    async with stage.database.reading() as session:
        texts = [one for one in await session.scalars(select(Message.text)) if one]
    assert texts == ["hello again"]


@pytest.mark.parametrize(
    ("language", "record", "said"),
    [
        ("en", "✅ Keep what I write", "What you wrote before is erased too"),
        ("zh", "✅ 保存我写的内容", "以前在那里写的内容也删掉了"),
    ],
)
async def test_a_no_to_recording_erases_what_was_written_and_keeps_nothing_of_what_follows(
    stage: Stage, language: str, record: str, said: str
) -> None:
    club, _, [bob] = stage.club("Bob")
    mia = stage.telegram.add_user(first_name="Mia", language_code=language)
    stage.telegram.join(club, mia)
    earlier = stage.telegram.say(mia, club, "earlier armadillo")
    stage.telegram.say(bob, club, "so you say", reply_to=earlier)
    stage.telegram.say(bob, club, "something of my own")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/privacy")
    await stage.settle()
    n_before = await _count(stage, Message)

    press = stage.telegram.press(mia, stage.read_by(mia)[-1], record)
    await stage.settle()
    at_once = await _words_kept(stage)
    later = stage.telegram.say(mia, club, "later capybara")
    stage.telegram.edit(mia, later, "later capybara, corrected")
    stage.telegram.say(bob, club, "an animal", reply_to=later)
    await stage.settle()

    words = await _words_kept(stage)
    assert said in press.answer["text"]
    assert "armadillo" not in at_once
    assert "capybara" not in words
    assert "something of my own" in words
    assert await _count(stage, Message) == n_before + 2


async def test_forgetme_reaches_what_others_quoted_forwarded_and_mentioned(stage: Stage) -> None:
    club, _, [mia, bob, _] = stage.club("Miaow", "Bob", "Evelyn")
    said = stage.telegram.say(mia, club, "rare okapi")
    by_id = [
        {
            "type": "text_mention",
            "offset": 0,
            "length": 6,
            "user": {"id": mia.id, "is_bot": False, "first_name": "Miaow"},
        },
        {"type": "bold", "offset": 12, "length": 5},
    ]
    stage.telegram.say(bob, club, "Miaow! says hello, ask her @evelyn", entities=by_id)
    stage.telegram.say(bob, club, "ask @MIAOW and @miaowing")
    stage.telegram.say(bob, club, "a good word", reply_to=said)
    stage.telegram.say(bob, club, forward_of=said)
    stage.telegram.say(bob, stage.telegram.open_private(bob, stage.bot), forward_of=said)
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    await stage.forgetme(mia)

    words = await _words_kept(stage)
    async with stage.database.reading() as session:
        rows = [row for row in await session.scalars(select(Message)) if row.text]
    texts = [row.text for row in rows]
    assert "okapi" not in words
    assert str(mia.id) not in words
    assert not re.search(r"miaow(?!ing)", words, re.IGNORECASE)
    assert {"@… says hello, ask her @evelyn", "ask @… and @miaowing", "a good word"} <= set(texts)
    entities = next(row.details["entities"] for row in rows if row.text and row.text.startswith("@… says"))
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == [("bold", 8, 5), ("mention", 23, 7)]


async def _count(stage: Stage, table: type[Base]) -> int:
    async with stage.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def _words_kept(stage: Stage) -> str:
    """All messages and raw updates, opened."""
    async with stage.database.reading() as session:
        messages = [f"{row.text} {row.details}" for row in await session.scalars(select(Message))]
        raw = [one.decode() for one in await session.scalars(select(RawUpdate.payload)) if one]
    return "\n".join([*messages, *raw])
