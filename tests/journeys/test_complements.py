"""A need meets an offer: each author hears of the other's card, once, and one tap says so to them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.playground.server.snapshots import Message, User
from jobs import match_listings
from models.domain.digests import feedback
from models.tables.member import Member, MuteKind
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_listings import cards_in, open_page, post
from tests.stage import Stage

NEED, OFFER = "/need a lawyer for term sheets", "/offer thirty minutes with my lawyer"


async def match(stage: Stage, after: timedelta = timedelta(minutes=10)) -> None:
    await stage.pass_time(after)
    await match_listings.run(stage.host.services, now=stage.clock.now())
    await stage.settle(5)


def matches_of(stage: Stage, user: User) -> list[Message]:
    return [said for said in stage.read_by(user) if said.get("text", "").startswith("💡")]


async def test_both_authors_hear_of_it_once_and_one_tap_answers(stage: Stage) -> None:
    club, _, [mia, jo, ada] = stage.club("Mia", "Jo", "Ada")
    for one in (mia, jo, ada):
        stage.telegram.start(one, stage.bot)
    await make_known(stage, club, mia, jo, ada)
    await post(stage, club, mia, NEED)
    await post(stage, club, ada, "/need a lawyer, too")
    await match(stage)
    assert [matches_of(stage, one) for one in (mia, jo, ada)] == [[], [], []]

    await post(stage, club, jo, OFFER)
    await match(stage)
    await match(stage, timedelta(hours=2))

    [to_mia] = matches_of(stage, mia)
    assert to_mia.text.splitlines() == [
        "💡 Somebody offers what may fit your need “a lawyer for term sheets”:",
        "",
        "🎁 thirty minutes with my lawyer",
        "👤 Jo offers this",
    ]
    assert buttons(to_mia) == ["🙋 I'm interested", "👀 See the card"]
    assert len(matches_of(stage, ada)) == 1
    assert sorted(one.text.splitlines()[2] for one in matches_of(stage, jo)) == [
        "🙏 a lawyer for term sheets",
        "🙏 a lawyer, too",
    ]

    stage.telegram.press(mia, to_mia, "🙋 I'm interested")
    await stage.settle(5)
    assert any("Mia is interested in" in said for said in stage.said_to(jo))


async def test_what_was_closed_overnight_is_told_to_nobody_in_the_morning(stage: Stage) -> None:
    club, _, [mia, jo] = stage.club("Mia", "Jo")
    for one in (mia, jo):
        stage.telegram.start(one, stage.bot)
    await make_known(stage, club, mia, jo)
    await post(stage, club, mia, NEED)
    await stage.pass_time(timedelta(hours=14))
    await post(stage, club, jo, OFFER)
    await match(stage)
    page = await open_page(stage, jo, cards_in(stage, club)[-1])
    stage.telegram.press(jo, page, "🚫 No longer on offer")
    await stage.settle(3)
    await stage.pass_time(timedelta(hours=12))

    assert [matches_of(stage, one) for one in (mia, jo)] == [[], []]


async def test_who_is_left_out_overnight_is_named_to_nobody_in_the_morning(stage: Stage) -> None:
    """The control is Ada: she stays, and is told."""
    club, _, [mia, jo, ada] = stage.club("Mia", "Jo", "Ada")
    for one in (mia, jo, ada):
        stage.telegram.start(one, stage.bot)
    await make_known(stage, club, mia, jo, ada)
    await post(stage, club, mia, NEED)
    await post(stage, club, ada, NEED)
    await stage.pass_time(timedelta(hours=14))
    await post(stage, club, jo, OFFER)
    await match(stage)
    ids = {one.telegram_id: one.id for one in await rows(stage, select(Member))}
    async with stage.database.transaction() as session:
        await feedback.mute(session, ids[mia.id], MuteKind.PERSON, str(ids[jo.id]), now=stage.clock.now())
    await stage.pass_time(timedelta(hours=12))

    assert [len(matches_of(stage, one)) for one in (mia, ada)] == [0, 1]
    assert [one.text.splitlines()[-1] for one in matches_of(stage, jo)] == ["👤 Ada is looking for this"]
