"""Needs and offers: one line becomes a card, which its author changes, closes, keeps open."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select, update

from bot.playground.server.snapshots import Chat, Message, User
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.listing import Listing
from tests.journeys.test_events import buttons, make_known, rows
from tests.stage import Stage

NEED = "/need 2 desks in Kreuzberg until Friday"
OFFER = "/offer 30 min of pricing advice"


def cards_in(stage: Stage, chat: Chat) -> list[Message]:
    return [said for said in stage.said_in(chat) if said.text.startswith(("🙏", "🎁"))]


async def post(stage: Stage, chat: Chat, person: User, line: str = NEED) -> Message:
    stage.telegram.say(person, chat, line)
    await stage.settle()
    return cards_in(stage, chat)[-1]


async def open_page(stage: Stage, person: User, card: Message) -> Message:
    """The author presses the wheel under the card and follows the link."""
    press = stage.telegram.press(person, card, "⚙️")
    await stage.settle()
    assert press.answer is not None
    stage.telegram.start(person, stage.bot, payload=press.answer["url"].split("start=")[1])
    await stage.settle()
    return stage.read_by(person)[-1]


async def listings(stage: Stage) -> list[Listing]:
    return await rows(stage, select(Listing).order_by(Listing.id))


async def test_one_line_in_the_group_becomes_a_card_that_replies_to_it(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")

    card = await post(stage, club, mia)

    assert card["reply_to_message"]["text"] == NEED
    assert card.text.startswith("🙏 2 × desks")
    assert "Kreuzberg" in card.text
    assert "⏳ until Fri 6 Mar" in card.text
    assert card.text.endswith("👤 Mia is looking for this")
    [listing] = await listings(stage)
    assert (listing.kind, listing.closed_at, listing.posted_at is None) == ("need", None, False)


async def test_a_chinese_group_reads_an_offer_in_its_language(stage: Stage) -> None:
    club, olga, [wei] = stage.club("Wei")
    await make_known(stage, club, olga, wei)
    async with stage.database.transaction() as session:
        await session.execute(update(Community).values(language="zh"))

    stage.telegram.say(wei, club, "/offer 30 分钟定价建议，3 个名额")
    await stage.settle()

    card = cards_in(stage, club)[-1]
    assert card.text.startswith("🎁 30 分钟定价建议\n🔢 3 个名额")
    assert card.text.endswith("Wei 可以提供")


async def test_what_was_not_understood_is_shown_before_it_is_posted(stage: Stage) -> None:
    club, _, [mia, ben] = await stage.known_club("Mia", "Ben")
    stage.telegram.say(mia, club, "/need 2 desks until next wk 25:00")
    await stage.settle()
    preview = stage.said_in(club)[-1]

    refused = stage.telegram.press(ben, preview, "📣 Post")
    taken = stage.telegram.press(mia, preview, "📣 Post")
    await stage.settle()

    assert "Preview" in preview.text
    assert "25:00" in preview.text.split("⚠️")[1]
    assert refused.answer is not None
    assert refused.answer["text"] == "Only whoever posted this can change it."
    assert taken.is_answered
    [card] = cards_in(stage, club)
    assert card.id == preview.id
    assert "⚠️" not in card.text


async def test_the_author_changes_the_line_in_private_and_the_card_follows(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    page = await open_page(stage, mia, await post(stage, club, mia))

    stage.telegram.press(mia, page, "✏️ Edit")
    await stage.settle()
    question = stage.said_to(mia)[-1]
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "3 desks in Neukölln")
    await stage.settle()

    [card] = cards_in(stage, club)
    assert "3 × desks" in card.text
    assert "Neukölln" in card.text
    assert "Kreuzberg" not in card.text
    assert "2 desks in Kreuzberg until Friday" in question
    assert stage.said_to(mia)[-1].startswith("Changed.")


async def test_an_edited_line_changes_its_card(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    line = stage.telegram.say(mia, club, NEED)
    await stage.settle()

    stage.telegram.edit(mia, line, "/need 4 desks in Kreuzberg")
    await stage.settle()

    [card] = cards_in(stage, club)
    assert card.text.startswith("🙏 4 × desks")
    assert len(await listings(stage)) == 1


@pytest.mark.parametrize(
    ("line", "button", "says"),
    [
        (NEED, "✅ Found here", "✅ Found, right here."),
        (NEED, "☑️ Found elsewhere", "✅ Found elsewhere."),
        (OFFER, "🚫 No longer on offer", "☑️ No longer on offer."),
    ],
)
async def test_its_author_closes_it_with_what_came_of_it(stage: Stage, line: str, button: str, says: str) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    page = await open_page(stage, mia, await post(stage, club, mia, line))

    stage.telegram.press(mia, page, button)
    await stage.settle()

    [card] = cards_in(stage, club)
    assert card.text.endswith(says)
    assert buttons(card) == []
    assert buttons(stage.read_by(mia)[-1]) == ["🔁 Open it again"]


async def test_what_was_closed_can_be_opened_again(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    page = await open_page(stage, mia, await post(stage, club, mia))
    stage.telegram.press(mia, page, "🚫 No longer needed")
    await stage.settle()

    stage.telegram.press(mia, stage.read_by(mia)[-1], "🔁 Open it again")
    await stage.settle()

    assert "⚙️" in buttons(cards_in(stage, club)[-1])
    [listing] = await listings(stage)
    assert (listing.closed_at, listing.outcome) == (None, None)


async def test_an_admin_closes_what_others_posted_but_does_not_touch_their_words(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    await make_known(stage, club, olga, mia, ben)
    card = await post(stage, club, mia)
    refused = stage.telegram.press(ben, card, "⚙️")
    page = await open_page(stage, olga, card)

    stage.telegram.press(olga, page, "🚫 No longer needed")
    await stage.settle()

    assert refused.answer is not None
    assert refused.answer["text"] == "Only whoever posted this can change it."
    assert buttons(page) == ["🚫 No longer needed"]
    assert cards_in(stage, club)[-1].text.endswith("☑️ No longer needed.")


async def test_in_private_a_line_is_a_preview_first_and_then_a_card_in_the_group(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    stage.telegram.start(mia, stage.bot)
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), NEED)
    await stage.settle()
    preview, cards_before = stage.read_by(mia)[-1], cards_in(stage, club)

    stage.telegram.press(mia, preview, "📣 Post")
    await stage.settle()

    assert "not posted in Founders yet" in preview.text
    assert cards_before == []
    assert "2 × desks" in cards_in(stage, club)[-1].text
    assert "✅ Found here" in buttons(stage.read_by(mia)[-1])


async def test_a_newer_line_takes_the_place_of_a_preview(stage: Stage) -> None:
    _, _, [mia] = await stage.known_club("Mia")
    stage.telegram.start(mia, stage.bot)
    private = stage.telegram.private(mia, stage.bot)
    for line in (NEED, "/need 3 desks"):
        stage.telegram.say(mia, private, line)
        await stage.settle()

    previews = [said for said in stage.said_to(mia) if "Preview" in said]
    assert len(previews) == 1
    assert len(await listings(stage)) == 1

    stage.telegram.press(mia, stage.read_by(mia)[-1], "🗑 Discard")
    await stage.settle()

    assert await listings(stage) == []


async def test_bare_commands_say_how_and_in_private_show_what_is_open(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    stage.telegram.say(mia, club, "/offer")
    await stage.settle()
    hint = stage.said_in(club)[-1]
    await post(stage, club, mia)

    stage.telegram.start(mia, stage.bot)
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/need")
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], (0, 0))
    await stage.settle()

    assert "/offer 30 min of pricing advice" in hint.text
    assert buttons(hint) == ["📋 My needs and offers"]
    assert "✅ Found here" in buttons(stage.read_by(mia)[-1])


async def test_the_same_words_twice_are_one_need(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    await post(stage, club, mia)

    stage.telegram.say(mia, club, NEED)
    await stage.settle()

    assert stage.said_in(club)[-1].text == "That's open already."
    assert len(await listings(stage)) == 1


async def test_whoever_wants_nothing_kept_is_told_so_and_nothing_is_kept(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    await decline_recording(stage, mia)

    stage.telegram.say(mia, club, NEED)
    await stage.settle()

    assert stage.said_in(club)[-1].text.startswith("You asked me to keep nothing you write here")
    assert await listings(stage) == []


async def decline_recording(stage: Stage, person: User) -> None:
    stage.telegram.start(person, stage.bot)
    stage.telegram.say(person, stage.telegram.private(person, stage.bot), "/privacy")
    await stage.settle()
    choices = stage.read_by(person)[-1]
    stage.telegram.press(person, choices, next(one for one in buttons(choices) if "Keep what I write" in one))
    await stage.settle()


@pytest.mark.parametrize("way", ["a no to keeping words", "/forgetme"])
async def test_a_refusal_takes_the_card_and_its_words_back(stage: Stage, way: str) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    await post(stage, club, mia, "/need a quokka for the office")
    stage.telegram.start(mia, stage.bot)

    await (stage.forgetme(mia) if way == "/forgetme" else decline_recording(stage, mia))
    await stage.settle()

    assert stage.said_in(club)[-1].text == "Taken back by its author."
    assert await listings(stage) == []
    payloads = await rows(stage, select(Delivery.payload).where(Delivery.payload.is_not(None)))
    assert [one for one in payloads if b"quokka" in orjson.dumps(one)] == []


async def test_a_reply_to_ones_own_message_takes_its_words(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")
    words = stage.telegram.say(mia, club, "I'm looking for a bookkeeper who knows UGs")

    stage.telegram.say(mia, club, "/need", reply_to=words)
    await stage.settle()

    [card] = cards_in(stage, club)
    assert card.text.startswith("🙏 a bookkeeper who knows UGs")


async def test_a_reply_to_somebody_elses_message_keeps_nothing_until_they_press(stage: Stage) -> None:
    club, _, [mia, ben] = await stage.known_club("Mia", "Ben")
    words = stage.telegram.say(mia, club, "looking for a bookkeeper who knows UGs")

    stage.telegram.say(ben, club, "/need", reply_to=words)
    await stage.settle()
    question = stage.said_in(club)[-1]
    refused = stage.telegram.press(ben, question, "📌 Keep it as my need")
    await stage.settle()
    before = await listings(stage)
    stage.telegram.press(mia, question, "📌 Keep it as my need")
    await stage.settle()

    assert question.text.startswith("Mia, is this something you need?")
    assert question["reply_to_message"]["message_id"] == words["message_id"]
    assert refused.answer is not None
    assert refused.answer["text"] == "Only whoever wrote it can do that."
    assert before == []
    [card] = cards_in(stage, club)
    assert card.id == question.id
    assert card.text == "🙏 a bookkeeper who knows UGs\n👤 Mia is looking for this"


async def test_what_somebody_forwarded_is_not_theirs_to_keep(stage: Stage) -> None:
    club, _, [mia, ben] = await stage.known_club("Mia", "Ben")
    words = stage.telegram.say(ben, club, "looking for a quokka")
    forward = stage.telegram.say(mia, club, "looking for a quokka", forward_of=words)

    stage.telegram.say(mia, club, "/need", reply_to=forward)
    await stage.settle()

    assert stage.said_in(club)[-1].text.startswith("I can't take that message.")
    assert await listings(stage) == []


async def test_nobody_fills_the_group_with_cards(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia")

    for number in range(9):
        stage.telegram.say(mia, club, f"/need a desk, the {number}th kind of wood")
    await stage.settle(20)

    assert len(cards_in(stage, club)) == len(await listings(stage)) == 6


async def test_without_a_post_only_those_who_look_find_it(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    for person in (mia, jo):
        stage.telegram.start(person, stage.bot)
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/need a co-founder for hardware")
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "🔎 No post, just for /find")
    await stage.settle()
    page = stage.read_by(mia)[-1]

    stage.telegram.say(jo, stage.telegram.private(jo, stage.bot), "/find co-founder")
    await stage.settle()
    stage.telegram.press(jo, stage.read_by(jo)[-1], (0, 0))
    await stage.settle(5)

    assert cards_in(stage, club) == []
    assert "✅ Found here" in buttons(page)
    assert await rows(stage, select(Listing.card_id)) == [None]
    assert stage.said_to(mia)[-1].startswith("🙋 Jo can help with “a co-founder for hardware”.")
