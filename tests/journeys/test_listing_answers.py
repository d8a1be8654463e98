"""I can help, I'm interested: the author hears who, nobody else; a mute, a night, a forgotten helper."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select, update

from bot.callbacks import ThanksButton
from bot.playground.server.snapshots import Message, User
from models.domain.digests import feedback
from models.tables.delivery import Delivery
from models.tables.listing import ListingAnswer
from models.tables.member import Member, Mute, MuteKind
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_hostile_input import press_forged
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


@pytest.mark.parametrize("how", ["left", "left out"])
async def test_who_answered_at_night_and_is_gone_by_morning_is_named_to_nobody(stage: Stage, how: str) -> None:
    """The control is Ada: she stays, and is told of."""
    club, _, [mia, jo, ada] = await stage.known_club("Mia", "Jo", "Ada", n_reachable=1)
    card = await post(stage, club, mia)
    await stage.pass_time(timedelta(hours=14))
    for one in (jo, ada):
        stage.telegram.press(one, card, HELP)
    await stage.settle(5)
    if how == "left":
        stage.telegram.leave(club, jo)
    else:
        ids = {one.telegram_id: one.id for one in await rows(stage, select(Member))}
        async with stage.database.transaction() as session:
            await feedback.mute(session, ids[mia.id], MuteKind.PERSON, str(ids[jo.id]), now=stage.clock.now())
    await stage.pass_time(timedelta(hours=10))

    told = [said for said in stage.said_to(mia) if "can help with" in said]
    assert [one.partition(" can help")[0] for one in told] == ["🙋 Ada"]


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


async def thanks(stage: Stage, *names: str) -> tuple[list[User], Message]:
    """Mia's need, which all others can help with, and the question that she reads after closing it as found here."""
    club, _, [mia, *others] = stage.club("Mia", *names)
    for one in (mia, *others):
        stage.telegram.start(one, stage.bot)
    await make_known(stage, club, mia, *others)
    card = await post(stage, club, mia)
    for one in others:
        stage.telegram.press(one, card, HELP)
        await stage.settle(5)
    page = await open_page(stage, mia, cards_in(stage, club)[-1])
    stage.telegram.press(mia, page, "✅ Found here")
    await stage.settle(5)
    return [mia, *others], stage.read_by(mia)[-1]


async def test_the_author_says_who_helped_in_one_tap_and_they_hear_it(stage: Stage) -> None:
    [mia, jo, ada], asked = await thanks(stage, "Jo", "Ada")

    first = stage.telegram.press(mia, asked, "Jo")
    await stage.settle(5)
    left = stage.read_by(mia)[-1]
    again = await press_forged(stage, mia, left, ThanksButton(1, 2).pack())
    stage.telegram.say(jo, stage.telegram.private(jo, stage.bot), "/profile")
    await stage.settle(5)

    assert asked.text.startswith("🙌 Who helped with “2 × desks")
    assert buttons(asked) == ["Ada", "Jo", "None of them"]
    assert first.answer is not None
    assert first.answer["text"] == "Jo hears it from me."
    assert "no longer works" in again["text"]
    assert left.text.splitlines()[0] == "🙌 Jo helped."
    [said] = [text for text in stage.said_to(jo) if "asked for, thanks to you" in text]
    assert said.startswith("🙌 Mia found what “2 × desks")
    assert said.endswith("” asked for, thanks to you.")
    assert "🙌 1 need was met thanks to you." in stage.said_to(jo)[-1].splitlines()
    assert not any("thanks to you" in text for text in stage.said_to(ada))
    helped = await rows(stage, select(ListingAnswer).where(ListingAnswer.helped_at.is_not(None)))
    assert len(helped) == 1


async def test_none_of_them_helped_and_nobody_else_may_say_who_did(stage: Stage) -> None:
    [mia, jo], asked = await thanks(stage, "Jo")

    forged = await press_forged(stage, jo, stage.read_by(jo)[-1], ThanksButton(1, 2).pack())
    stage.telegram.press(mia, asked, "None of them")
    await stage.settle(5)

    assert forged["text"] == "This is no longer here."
    assert stage.read_by(mia)[-1].text == "OK."
    assert [one.helped_at for one in await rows(stage, select(ListingAnswer))] == [None]


async def test_of_an_offer_or_where_nobody_answered_nothing_is_asked(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo", n_reachable=2)
    await post(stage, club, mia)
    stage.telegram.press(mia, await open_page(stage, mia, cards_in(stage, club)[-1]), "✅ Found here")
    await stage.settle(5)
    offered = await post(stage, club, mia, OFFER)
    stage.telegram.press(jo, offered, "🙋 I'm interested")
    await stage.settle(5)
    stage.telegram.press(mia, stage.read_by(mia)[-1], "✅ Taken here")
    await stage.settle(5)

    assert not any("Who helped" in text for text in stage.said_to(mia))


async def test_thanks_that_wait_for_the_morning_are_not_told_of_a_need_that_is_open_again(stage: Stage) -> None:
    [mia, jo], asked = await thanks(stage, "Jo")
    async with stage.database.transaction() as session:
        await session.execute(update(Member).where(Member.telegram_id == jo.id).values(time_zone="Asia/Shanghai"))
    await stage.pass_time(timedelta(hours=7))
    stage.telegram.press(mia, asked, "Jo")
    await stage.settle(5)
    page = next(one for one in reversed(stage.read_by(mia)) if "🔁 Open it again" in buttons(one))
    stage.telegram.press(mia, page, "🔁 Open it again")
    await stage.settle(5)
    await stage.pass_time(timedelta(hours=14))

    assert not any("thanks to you" in text for text in stage.said_to(jo))
