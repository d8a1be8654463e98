from __future__ import annotations

from sqlalchemy import delete, select

from bot.config import Config, DefaultChoices, Telegram
from bot.playground.clock import SimulatedClock
from models.database import Database
from models.domain.members import consent
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.interaction import Interaction
from models.tables.member import Member
from models.tables.message import Message
from tests.stage import TOKEN, Stage


async def test_a_message_is_heard_once(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "Who knows a good lawyer?")

    await stage.settle()

    async with stage.database.reading() as session:
        texts = [text for text in await session.scalars(select(Message.text)) if text]
        kinds = sorted(await session.scalars(select(Interaction.kind)))
    assert texts == ["Who knows a good lawyer?"]
    assert kinds.count("message") == 1


async def test_start_greets_a_member_in_their_language(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    wei = stage.telegram.add_user(first_name="Wei", language_code="zh-hans")
    stage.telegram.join(club, wei)
    stage.telegram.say(mia, club, "hello")
    stage.telegram.say(wei, club, "大家好")
    stage.telegram.start(mia, stage.bot)
    stage.telegram.start(wei, stage.bot)

    await stage.settle()

    assert "Hi Mia!" in stage.said_to(mia)[0]
    assert "你好，Wei" in stage.said_to(wei)[0]


async def test_one_tap_in_private_gives_every_consent(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    choices = stage.read_by(mia)[-1]

    press = stage.telegram.press(mia, choices, "✅ Yes to everything")
    await stage.settle()

    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).one()
        given = await consent.choices(session, member.id, 1)
    assert press.is_answered
    assert given == dict.fromkeys(Purpose, True)
    assert "✅ Introduce me to members" in str(
        next(said for said in stage.read_by(mia) if said["message_id"] == choices["message_id"])
    )


async def test_who_never_wrote_a_word_can_press_count_me_in(stage: Stage) -> None:
    club, owner, _ = stage.club()
    stage.telegram.demote(club, stage.bot, by=owner)
    lurker = stage.telegram.add_user(first_name="Ben", username="ben")
    stage.telegram.join(club, lurker)
    stage.telegram.promote(club, stage.bot, by=owner)
    await stage.settle()
    # As on the day the host arrives: nobody who is silent has been heard of.
    async with stage.database.transaction() as session:
        await session.execute(delete(Member).where(Member.telegram_id == lurker.id))

    stage.telegram.press(lurker, stage.said_in(club)[0], "✅ Count me in")
    await stage.settle()

    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == lurker.id))).one()
        given = await consent.choices(session, member.id, 1)
    assert given == dict.fromkeys(Purpose, True)


async def test_a_new_community_speaks_and_keeps_time_as_configured(sqlite: Database, clock: SimulatedClock) -> None:
    chosen = DefaultChoices(language="zh", time_zone="Asia/Shanghai")
    stage = Stage(sqlite, clock, config=Config(telegram=Telegram(token=TOKEN), defaults=chosen))
    await stage.open()

    stage.club("Wei")
    await stage.settle()

    async with stage.database.reading() as session:
        community = (await session.scalars(select(Community))).one()
    await stage.close()
    assert (community.language, community.time_zone) == ("zh", "Asia/Shanghai")
