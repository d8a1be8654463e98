"""I can help, I'm interested: the author hears who, nobody else; a mute, a night, a forgotten helper."""

from __future__ import annotations

from datetime import timedelta

import orjson
from sqlalchemy import select

from models.tables.delivery import Delivery
from models.tables.listing import ListingAnswer
from models.tables.member import Member, Mute, MuteKind
from tests.journeys.test_events import buttons, rows
from tests.journeys.test_listings import OFFER, cards_in, open_page, post
from tests.stage import Stage

HELP = "🙋 I can help"


async def test_the_author_hears_who_can_help_and_the_card_counts(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=1)
    card = await post(stage, club, mia)

    press = stage.telegram.press(jo, card, HELP)
    again = stage.telegram.press(jo, card, HELP)
    await stage.settle(5)

    assert press.answer is not None
    assert press.answer["text"] == "Thank you! If it fits, Mia will write to you. Nobody else learns that it's you."
    assert again.answer is not None
    assert again.answer["text"].startswith("You've said so already.")
    [shown] = cards_in(stage, club)
    assert shown.text.endswith("🙋 1 can help")
    assert "Jo" not in shown.text
    [notice] = [said for said in stage.read_by(mia) if "can help with" in said.get("text", "")]
    assert notice.text.startswith("🙋 Jo can help with “2 × desks")
    assert buttons(notice) == ["✍️ Write to Jo", "✅ Found here", "⚙️ Manage"]


async def test_an_offer_that_interests_somebody_is_closed_from_the_notice(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=1)
    stage.telegram.press(jo, await post(stage, club, mia, OFFER), "🙋 I'm interested")
    await stage.settle(5)

    stage.telegram.press(mia, stage.read_by(mia)[-1], "✅ Taken here")
    await stage.settle(5)

    assert cards_in(stage, club)[-1].text.endswith("✅ Taken, right here.")
    assert buttons(cards_in(stage, club)[-1]) == []


async def test_at_night_the_author_hears_in_the_morning(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=1)
    card = await post(stage, club, mia)
    await stage.pass_time(timedelta(hours=14))

    stage.telegram.press(jo, card, HELP)
    await stage.settle(5)
    at_night = [said for said in stage.said_to(mia) if "can help with" in said]
    await stage.pass_time(timedelta(hours=10))

    assert at_night == []
    assert len([said for said in stage.said_to(mia) if "can help with" in said]) == 1


async def test_what_waits_for_the_morning_is_not_told_once_it_is_closed(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=1)
    card = await post(stage, club, mia)
    await stage.pass_time(timedelta(hours=14))
    stage.telegram.press(jo, card, HELP)
    await stage.settle(5)

    stage.telegram.press(mia, await open_page(stage, mia, card), "🚫 No longer needed")
    await stage.settle()
    await stage.pass_time(timedelta(hours=10))

    assert [said for said in stage.said_to(mia) if "can help with" in said] == []


async def test_an_author_out_of_reach_is_called_in_the_group_and_sees_who_in_private(stage: Stage) -> None:
    club, _, [mia, jo, ben] = await stage.known_club("Mia", "Jo", "Ben")
    card = await post(stage, club, mia)

    for helper in (jo, ben):
        stage.telegram.press(helper, card, HELP)
        await stage.settle(5)

    [call] = [said for said in stage.said_in(club) if "somebody answered this" in said.text]
    assert call["reply_to_message"]["message_id"] == card.id
    assert "Jo" not in call.text
    token = call["reply_markup"]["inline_keyboard"][0][0]["url"].split("start=")[1]
    stage.telegram.start(ben, stage.bot, payload=token)
    stage.telegram.start(mia, stage.bot, payload=token)
    await stage.settle()
    assert stage.said_to(ben)[-1].startswith("This link has expired or was meant for someone else.")
    page = stage.read_by(mia)[-1]
    assert "🙋 Can help: Jo, Ben" in page.text
    assert buttons(page)[:2] == ["✍️ Write to Jo", "✍️ Write to Ben"]


async def test_whom_the_author_muted_is_not_told_and_cannot_tell(stage: Stage) -> None:
    club, _, [mia, jo, ben] = await stage.known_club("Mia", "Jo", "Ben", n_reachable=1)
    card = await post(stage, club, mia)
    await mute(stage, "Mia", "Jo")

    presses = [stage.telegram.press(helper, card, HELP) for helper in (jo, ben)]
    await stage.settle(5)

    answers = [press.answer["text"] for press in presses if press.answer]
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert [said for said in stage.said_to(mia) if "Jo" in said] == []
    assert cards_in(stage, club)[-1].text.endswith("🙋 2 can help")


async def mute(stage: Stage, who: str, whom: str) -> None:
    async with stage.database.transaction() as session:
        ids = {member.name: member.id for member in await session.scalars(select(Member))}
        values = {"kind": MuteKind.PERSON, "target": str(ids[whom]), "created_at": stage.clock.now()}
        session.add(Mute(member_id=ids[who], **values))


async def test_its_author_and_strangers_do_not_answer(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    card = await post(stage, club, mia)
    stage.telegram.leave(club, jo)
    await stage.settle()

    own = stage.telegram.press(mia, card, HELP)
    await stage.settle()

    assert own.answer is not None
    assert own.answer["text"] == "That's your own. ⚙️ shows who answered."
    assert await rows(stage, select(ListingAnswer)) == []


async def test_a_helper_who_is_forgotten_is_named_nowhere_and_counted_no_more(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=2)
    stage.telegram.press(jo, await post(stage, club, mia), HELP)
    await stage.settle(5)

    await stage.forgetme(jo)
    await stage.settle(5)

    assert "can help" not in cards_in(stage, club)[-1].text
    notices = select(Delivery.payload).where(Delivery.payload.is_not(None), Delivery.what.like("answer:%"))
    assert [one for one in await rows(stage, notices) if b"Jo" in orjson.dumps(one)] == []
    assert await rows(stage, select(ListingAnswer)) == []
