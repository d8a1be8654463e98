"""Still open? What ends by itself, whose author leaves, whose group moves, whose card is deleted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.playground.server.snapshots import Message, User
from jobs import ask_after_listings
from models.tables.listing import Listing
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_listings import cards_in, open_page, post
from tests.stage import Stage

DAY = timedelta(days=1)
BOOKS = "/need a bookkeeper"


async def after(stage: Stage, days: float) -> None:
    """So many days later, the job having run as often as it does."""
    for _ in range(2):
        await stage.clock.advance(days * DAY / 2)
        await ask_after_listings.run(stage.host.services, now=stage.clock.now())
        await stage.settle()


def read_by(stage: Stage, person: User, words: str) -> list[Message]:
    return [said for said in stage.read_by(person) if words in said.get("text", "")]


async def test_the_author_is_asked_once_and_keeps_it_open_for_another_month(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia", n_reachable=1)
    await post(stage, club, mia, BOOKS)
    await after(stage, 26)
    early = read_by(stage, mia, "Is it still open?")
    await after(stage, 2)
    [question] = read_by(stage, mia, "Is it still open?")

    stage.telegram.press(mia, question, "🔁 Still open")
    await stage.settle()
    await after(stage, 20)

    assert early == []
    assert question.text == "⏳ “a bookkeeper” ends on Wed 1 Apr. Is it still open?"
    assert "🙋 I can help" in buttons(cards_in(stage, club)[-1])
    assert len(await rows(stage, select(Listing).where(Listing.closed_at.is_(None)))) == 1
    await after(stage, 8)
    assert len(read_by(stage, mia, "Is it still open?")) == 1


async def test_without_an_answer_it_ends_and_one_line_says_so(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia", n_reachable=1)
    await post(stage, club, mia, BOOKS)

    await after(stage, 28)
    await after(stage, 4)
    ended = cards_in(stage, club)[-1]
    [line] = read_by(stage, mia, "has ended.")
    stage.telegram.press(mia, line, "🔁 Open it again")
    await stage.settle(5)

    assert ended.text.endswith("⌛ This has ended.")
    assert buttons(ended) == []
    assert line.text == "⌛ “a bookkeeper” has ended."
    assert "🙋 I can help" in buttons(cards_in(stage, club)[-1])


async def test_a_near_deadline_of_ones_own_ends_without_a_question(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia", n_reachable=1)
    await post(stage, club, mia, "/need 2 desks until Wednesday")

    await after(stage, 1)
    await after(stage, 3)

    assert read_by(stage, mia, "Is it still open?") == []
    assert cards_in(stage, club)[-1].text.endswith("⌛ This has ended.")


async def test_a_day_of_ones_own_is_changed_by_another_line_or_given_up(stage: Stage) -> None:
    club, _, [mia] = await stage.known_club("Mia", n_reachable=1)
    page = await open_page(stage, mia, await post(stage, club, mia, "/need 2 desks until 20 March"))
    await after(stage, 16)
    [question] = read_by(stage, mia, "Is it still open?")

    stage.telegram.press(mia, question, "🔁 Still open")
    await stage.settle()
    await after(stage, 10)

    assert "🔁 Keep it open" not in buttons(page)
    assert "until" not in cards_in(stage, club)[-1].text
    assert "🙋 I can help" in buttons(cards_in(stage, club)[-1])


async def test_whoever_leaves_needs_nothing_there_any_more(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    for person in (mia, ben):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, mia, ben)
    for person in (mia, ben):
        await post(stage, club, person, f"/need a bookkeeper for {person['first_name']}")
    page = await open_page(stage, mia, cards_in(stage, club)[0])

    stage.telegram.leave(club, mia)
    stage.telegram.ban(club, ben, by=olga)
    await stage.settle(8)
    late = stage.telegram.press(mia, page, "🔁 Keep it open")
    await stage.settle()

    assert [card.text.endswith("⌛ This has ended.") for card in cards_in(stage, club)] == [True, True]
    assert late.answer is not None
    assert late.answer["text"].startswith("This is for members of the community.")
    assert await rows(stage, select(Listing.id).where(Listing.closed_at.is_(None))) == []


async def test_a_group_that_becomes_a_supergroup_gets_its_open_cards_once(stage: Stage) -> None:
    olga, mia = (stage.telegram.add_user(first_name=name, username=name.lower()) for name in ("Olga", "Mia"))
    group = stage.telegram.add_chat("Founders", kind="group", owner=olga)
    for someone in (mia, stage.bot):
        stage.telegram.add_to_chat(group, someone, by=olga)
    stage.telegram.promote(group, stage.bot, by=olga)
    await make_known(stage, group, olga, mia)
    await post(stage, group, mia, BOOKS)

    club = stage.telegram.migrate(group)
    await stage.settle(8)
    [card] = cards_in(stage, club)
    stage.telegram.press(olga, card, "🙋 I can help")
    await stage.settle(8)

    assert cards_in(stage, club)[0].text.endswith("🙋 1 can help")


async def test_a_deleted_card_comes_back_once_and_then_its_author_decides(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, mia, olga)
    card = await post(stage, club, mia, BOOKS)
    page = await open_page(stage, mia, card)

    for _ in range(2):
        stage.telegram.delete(olga, cards_in(stage, club)[-1])
        stage.telegram.press(mia, page, "🔁 Keep it open")
        await stage.settle(8)
    after_the_second = cards_in(stage, club)
    [question] = read_by(stage, mia, "was deleted again")
    stage.telegram.press(mia, question, "📌 Post it again")
    await stage.settle(5)

    assert after_the_second == []
    assert "a bookkeeper" in cards_in(stage, club)[-1].text
