"""An event's picture: set before or after publishing, exchanged, never taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message, User
from jobs import continue_series
from models.tables.delivery import Delivery
from models.tables.event import Event
from tests.journeys.test_events import LINE, buttons, card_in, edit, make_known, manage, publish
from tests.stage import Stage


async def give_picture(stage: Stage, club: Chat, host: User) -> str:
    """The host sends a photo when asked; returns its file id."""
    menu = await edit(stage, club, host)
    stage.telegram.press(host, menu, "Picture")
    await stage.settle()
    sent = stage.telegram.say(host, stage.telegram.private(host, stage.bot), media="photo")
    await stage.settle(8)
    return str(sent["photo"][-1]["file_id"])


def picture_of(card: Message) -> str:
    return str(card["photo"][-1]["file_id"])


async def test_a_text_card_is_given_a_picture_and_goes_on_counting(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    posted = await publish(stage, club, olga)
    stage.telegram.press(mia, posted, "✅ Going")
    await stage.settle(8)

    picture = await give_picture(stage, club, olga)
    drawn = card_in(stage, club)
    stage.telegram.press(jo, drawn, "✅ Going")
    await stage.settle(8)

    card = card_in(stage, club)
    assert drawn.id == card.id == posted.id
    assert "text" not in card
    assert picture_of(drawn) == picture_of(card) == picture
    assert "Going 1/2" in drawn["caption"]
    assert "Going 2/2" in card["caption"]
    assert [entity["type"] for entity in card["caption_entities"]][:2] == ["bold", "date_time"]
    assert "✅ Going" in buttons(card)


async def test_a_picture_is_exchanged_but_not_taken_away(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    first = await give_picture(stage, club, olga)

    second = await give_picture(stage, club, olga)

    asked = next(said for said in reversed(stage.read_by(olga)) if "Send me a photo" in said.get("text", ""))
    assert picture_of(card_in(stage, club)) == second != first
    assert "take it away again" in asked.text
    assert buttons(asked) == []


async def test_no_picture_under_a_question_of_draft_days_takes_none_away(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.start(olga, stage.bot)
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), LINE)
    await stage.settle()
    preview = stage.read_by(olga)[-1]
    stage.telegram.press(olga, preview, "✏️ Edit")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "Picture")
    await stage.settle()
    asked = stage.read_by(olga)[-1]
    stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle()
    picture = await give_picture(stage, club, olga)
    stage.telegram.press(olga, await edit(stage, club, olga), "Picture")
    await stage.settle()

    stage.telegram.press(olga, asked, "No picture")
    await stage.settle()

    assert "Telegram just doesn't let me" in stage.said_to(olga)[-1]
    assert picture_of(card_in(stage, club)) == picture


async def test_the_preview_in_the_group_becomes_the_card_with_its_picture(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()
    preview = stage.said_in(club)[-1]
    edit = stage.telegram.press(olga, preview, "✏️ Edit")
    await stage.settle()
    assert edit.answer is not None
    stage.telegram.start(olga, stage.bot, payload=edit.answer["url"].partition("start=")[2])
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "Picture")
    await stage.settle()
    photo = stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), media="photo")
    await stage.settle()

    stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle(8)

    card = card_in(stage, club)
    assert card.id == preview.id
    assert picture_of(card) == photo["photo"][-1]["file_id"]
    assert "Preview" not in card["caption"]


async def test_a_picture_sent_as_a_file_is_asked_for_as_a_photo(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    stage.telegram.press(olga, await edit(stage, club, olga), "Picture")
    await stage.settle()
    private = stage.telegram.private(olga, stage.bot)

    stage.telegram.say(olga, private, media="document", file_name="card.png", mime_type="image/png")
    await stage.settle()
    as_file = stage.said_to(olga)[-1]
    photo = stage.telegram.say(olga, private, media="photo")
    await stage.settle(8)
    stage.telegram.say(mia, stage.telegram.open_private(mia, stage.bot), media="photo")
    await stage.settle()

    assert "Please send it as a photo" in as_file
    assert picture_of(card_in(stage, club)) == photo["photo"][-1]["file_id"]
    # Nobody asked Mia for one.
    assert "photo" not in stage.said_to(mia)[-1]


async def test_an_edit_that_replaces_the_one_with_the_picture_carries_it(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga)
    menu = await edit(stage, club, olga)
    stage.telegram.press(olga, menu, "Picture")
    await stage.settle()
    for person in (mia, jo):
        stage.telegram.press(person, card, "✅ Going")
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), media="photo")
    stage.telegram.press(jo, card, "🚫 Can't")

    # Everything is heard before anything leaves, so all these changes become one edit.
    await stage.settle(8)

    async with stage.database.reading() as session:
        edits = (
            await session.execute(
                select(Delivery.method, Delivery.failure, Delivery.sent_at)
                .where(Delivery.kind == "card_edit")
                .order_by(Delivery.id)
            )
        ).all()
    shown = card_in(stage, club)
    assert shown["photo"]
    assert "Going 1/2" in shown["caption"]
    assert any(failure == "superseded" for _, failure, _ in edits)
    assert (edits[-1].method, edits[-1].sent_at is not None) == ("editMessageMedia", True)
    assert [failure for _, failure, _ in edits if failure not in (None, "superseded")] == []


async def test_the_next_of_a_series_and_a_clone_carry_the_picture(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga, "/event Breakfast, every Fri 8:30")
    picture = await give_picture(stage, club, olga)
    stage.telegram.press(olga, await manage(stage, club, olga), "📑 Plan it again")
    await stage.settle()
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "20 Mar 18:00")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "📣 Publish")
    await stage.settle(8)
    clone = card_in(stage, club)

    await stage.pass_time(timedelta(days=5))
    await continue_series.run(stage.host.services, now=stage.clock.now())
    await stage.settle(8)

    following = card_in(stage, club)
    assert "20 Mar" in clone["caption"]
    assert "13 Mar" in following["caption"]
    assert picture_of(clone) == picture_of(following) == picture


async def test_a_cancelled_event_with_a_picture_says_so(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    card = await publish(stage, club, olga)
    picture = await give_picture(stage, club, olga)
    stage.telegram.press(olga, await manage(stage, club, olga), "❌ Cancel the event")
    await stage.settle()

    stage.telegram.press(olga, stage.read_by(olga)[-1], "❌ Yes, cancel it")
    await stage.settle(8)

    shown = next(said for said in stage.said_in(club) if said.id == card.id)
    assert shown["caption"].startswith("❌ Cancelled")
    assert picture_of(shown) == picture
    assert buttons(shown) == []


async def test_a_long_description_gives_way_when_a_picture_comes(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    stage.telegram.press(olga, await edit(stage, club, olga), "Description")
    await stage.settle()
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "Bring a prototype and a question. " * 100)
    await stage.settle(8)
    before = card_in(stage, club).text

    await give_picture(stage, club, olga)

    caption = card_in(stage, club)["caption"]
    async with stage.database.reading() as session:
        kept = (await session.scalars(select(Event.description))).one()
    assert len(before) > 1024 >= len(caption) > 900
    assert "…\n" in caption
    assert "Going 0/2" in caption
    assert kept is not None
    assert len(kept) == 1000


async def test_a_photo_with_the_line_as_its_caption_becomes_a_preview_and_a_card_with_it(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    sent = stage.telegram.say(olga, club, media="photo", caption=LINE)
    await stage.settle()
    preview = stage.said_in(club)[-1]

    stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle(8)
    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    await stage.settle(8)

    card = card_in(stage, club)
    assert card.id == preview.id
    assert picture_of(preview) == picture_of(card) == sent["photo"][-1]["file_id"]
    assert "Demo night" in preview["caption"]
    assert "Going 1/2" in card["caption"]


@pytest.mark.parametrize("is_private", [True, False])
async def test_a_question_about_a_caption_keeps_the_picture_and_a_dropped_draft_says_so(
    stage: Stage, *, is_private: bool
) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.start(olga, stage.bot)
    await stage.settle()
    where = stage.telegram.private(olga, stage.bot) if is_private else club
    sent = stage.telegram.say(olga, where, media="photo", caption="/event@klatch_bot Demo night next week 7pm")
    await stage.settle()
    asked = (stage.read_by(olga) if is_private else stage.said_in(club))[-1]

    stage.telegram.press(olga, asked, buttons(asked)[0])
    await stage.settle(8)
    preview = (stage.read_by(olga) if is_private else stage.said_in(club))[-1]
    stage.telegram.press(olga, preview, "🗑 Discard")
    await stage.settle(8)

    dropped = (stage.read_by(olga) if is_private else stage.said_in(club))[-1]
    assert picture_of(preview) == sent["photo"][-1]["file_id"]
    assert dropped.id == preview.id
    assert "Demo night" not in dropped["caption"]


@pytest.mark.parametrize("caption", ["/event@other_bot Demo, Fri 19:00", "see /event Demo, Fri 19:00", "/events"])
async def test_a_caption_that_is_no_event_of_ours_is_only_a_caption(stage: Stage, caption: str) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    n_said = len(stage.said_in(club))

    stage.telegram.say(olga, club, media="photo", caption=caption)
    await stage.settle()

    assert len(stage.said_in(club)) == n_said
