"""The list that hosts check people in with stays fresh while it is open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message, User
from models.tables.event import Event
from tests.journeys.test_events import buttons, card_in, make_known, manage, publish
from tests.stage import Stage


async def at_the_door(stage: Stage, *names: str) -> tuple[Chat, User, list[User]]:
    """A published event that is about to begin."""
    club, olga, people = stage.club(*names)
    await make_known(stage, club, olga, *people)
    await publish(stage, club, olga, "/event Demo night, Fri 19:00-21:30")
    async with stage.database.reading() as session:
        starts_at = (await session.scalars(select(Event.starts_at))).one()
    await stage.clock.advance_to(starts_at - timedelta(minutes=30))
    await stage.settle()
    return club, olga, people


async def open_list(stage: Stage, club: Chat, host: User) -> int:
    """The id of the message in which the host now sees the list."""
    stage.telegram.press(host, await manage(stage, club, host), "🎟 Check people in")
    await stage.settle()
    return stage.read_by(host)[-1].id


def as_seen(stage: Stage, host: User, message_id: int) -> Message:
    return next(said for said in stage.read_by(host) if said.id == message_id)


async def test_who_answers_or_comes_in_after_the_list_was_opened_appears_in_it(stage: Stage) -> None:
    club, olga, [mia, jo] = await at_the_door(stage, "Mia", "Jo")
    opened = await open_list(stage, club, olga)
    empty = as_seen(stage, olga, opened)

    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    stage.telegram.say(jo, club, "/rsvp going")
    await stage.settle(8)
    answered = as_seen(stage, olga, opened)
    code = answered.text.split("Code at the door: ")[1][:4]
    stage.telegram.say(mia, stage.telegram.open_private(mia, stage.bot), f"/checkin {code}")
    stage.telegram.press(jo, card_in(stage, club), "🚫 Can't")
    await stage.settle(8)
    at_last = as_seen(stage, olga, opened)

    assert "0 of 0 are here" in empty.text
    assert buttons(answered)[:2] == ["▫️ Mia", "▫️ Jo"]
    assert "1 of 1 are here" in at_last.text
    assert buttons(at_last)[0] == "☑️ Mia"
    assert "▫️ Jo" not in buttons(at_last)


async def test_two_hosts_see_each_others_ticks_each_on_their_page(stage: Stage) -> None:
    names = [f"Guest{number}" for number in range(21)]
    club, olga, people = await at_the_door(stage, *names)
    stage.telegram.promote(club, people[0], by=olga)
    for person in people:
        stage.telegram.press(person, card_in(stage, club), "✅ Going")
    await stage.settle(12)
    first, second = await open_list(stage, club, olga), await open_list(stage, club, people[0])
    stage.telegram.press(people[0], as_seen(stage, people[0], second), "›")
    await stage.settle()

    stage.telegram.press(olga, as_seen(stage, olga, first), "▫️ Guest3")
    await stage.settle()

    assert "1 of 21 are here" in as_seen(stage, people[0], second).text
    assert buttons(as_seen(stage, people[0], second))[0] == "▫️ Guest20"
    assert "☑️ Guest3" in buttons(as_seen(stage, olga, first))


async def test_a_host_who_went_back_to_the_menu_keeps_the_menu(stage: Stage) -> None:
    club, olga, [mia] = await at_the_door(stage, "Mia")
    opened = await open_list(stage, club, olga)
    stage.telegram.press(olga, as_seen(stage, olga, opened), "‹ Back")
    await stage.settle()

    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    await stage.settle(8)

    assert "✏️ Edit" in buttons(as_seen(stage, olga, opened))


async def test_who_is_no_host_any_more_sees_nothing_new_in_an_old_list(stage: Stage) -> None:
    club, olga, [mia, jo] = await at_the_door(stage, "Mia", "Jo")
    for _ in range(2):
        stage.telegram.press(olga, await manage(stage, club, olga), "👥 Add a co-host")
        await stage.settle()
        stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "@jo")
        await stage.settle(6)
        if "is a co-host now" in stage.said_to(olga)[-1]:
            opened = await open_list(stage, club, jo)

    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    await stage.settle(8)

    assert "0 of 0 are here" in as_seen(stage, jo, opened).text


async def test_a_list_that_lay_open_for_days_is_brought_up_to_date_by_its_button(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    opened = await open_list(stage, club, olga)
    await stage.pass_time(timedelta(days=2))
    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    await stage.settle(8)
    before = as_seen(stage, olga, opened)

    stage.telegram.press(olga, before, "🔄 Refresh")
    await stage.settle()
    after = as_seen(stage, olga, opened)
    stage.telegram.press(mia, card_in(stage, club), "🤔 Maybe")
    await stage.settle(8)

    # After the press it is fresh again.
    shown = [said.text.splitlines()[0] for said in (before, after, as_seen(stage, olga, opened))]
    assert [line.partition(": ")[2] for line in shown] == ["0 of 0 are here.", "0 of 1 are here.", "0 of 0 are here."]
