"""Rights follow Telegram, also where it does not tell us of changes because we are no administrator ourselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, User
from models.database import is_one_of
from models.domain.members import rights
from models.tables.event import Event
from models.tables.member import Member
from tests.stage import Stage

ONLY_ADMINS = "Only admins of this group can do that."


async def _club(stage: Stage) -> tuple[Chat, User, User]:
    """Mia is an admin, and has opened the private chat."""
    club, owner, [mia] = stage.club("Mia")
    stage.telegram.promote(club, mia, by=owner)
    stage.telegram.say(mia, club, "/event Demo night, Fri 19:00")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    return club, owner, mia


async def _demote_unseen(stage: Stage, club: Chat, owner: User, mia: User) -> None:
    """Our bot is no administrator when Mia's rights go: nobody tells it."""
    stage.telegram.demote(club, stage.bot, by=owner)
    await stage.settle()
    stage.telegram.demote(club, mia, by=owner)
    await stage.settle()


@pytest.mark.parametrize("command", ["/setup", "/settings", "/settings Europe/Berlin"])
async def test_who_was_demoted_unseen_is_no_admin_for(stage: Stage, command: str) -> None:
    club, owner, mia = await _club(stage)
    await _demote_unseen(stage, club, owner, mia)

    stage.telegram.say(mia, club, command)
    await stage.settle()

    assert stage.said_in(club)[-1]["text"] == ONLY_ADMINS


async def test_who_was_demoted_unseen_presses_in_vain(stage: Stage) -> None:
    club, owner, mia = await _club(stage)
    stage.telegram.say(mia, club, "/setup")
    await stage.settle()
    report = stage.said_in(club)[-1]
    await _demote_unseen(stage, club, owner, mia)

    press = stage.telegram.press(mia, report, "🔄 Check again")
    await stage.settle()

    assert press.answer["text"] == ONLY_ADMINS


@pytest.mark.parametrize("place", ["group", "private"])
async def test_who_was_demoted_unseen_plans_no_event(stage: Stage, place: str) -> None:
    club, owner, mia = await _club(stage)
    await _demote_unseen(stage, club, owner, mia)

    chat = club if place == "group" else stage.telegram.private(mia, stage.bot)
    stage.telegram.say(mia, chat, "/event Second night, Sat 19:00")
    await stage.settle()

    said = stage.said_in(club) if place == "group" else stage.read_by(mia)
    assert not any("Second night" in one["text"] for one in said if one["from"]["id"] == stage.bot.id)
    async with stage.database.reading() as session:
        assert [event.title for event in await session.scalars(select(Event))] == ["Demo night"]


async def test_rights_that_went_unseen_are_seen_when_our_bot_is_promoted_again(stage: Stage) -> None:
    club, owner, mia = await _club(stage)
    await _demote_unseen(stage, club, owner, mia)
    stage.telegram.promote(club, stage.bot, by=owner)
    await stage.settle()

    async with stage.database.reading() as session:
        query = select(Member).where(is_one_of(Member.telegram_id, [mia.id, owner.id])).order_by(Member.id)
        people = list(await session.scalars(query))
        may = {one.telegram_id: await rights.is_admin(session, one.id, 1) for one in people}
    assert may == {owner.id: True, mia.id: False}


async def test_who_still_is_an_admin_may_all_the_while(stage: Stage) -> None:
    club, owner, mia = await _club(stage)
    stage.telegram.demote(club, stage.bot, by=owner)
    await stage.settle()

    stage.telegram.say(mia, club, "/setup")
    await stage.settle()

    assert "I'm not an administrator" in stage.said_in(club)[-1]["text"]
