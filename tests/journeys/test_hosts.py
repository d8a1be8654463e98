from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bot.playground.server.snapshots import Chat, Message, User
from jobs import continue_series
from models.domain.events import events
from tests.journeys.test_events import buttons, card_in, edit, make_known, manage, publish
from tests.stage import Stage


def shared_link(message: Message) -> str:
    """The payload of the link that the host is offered to pass on."""
    button = message["reply_markup"]["inline_keyboard"][0][0]
    passed_on = parse_qs(urlsplit(button["url"]).query)["url"][0]
    return passed_on.partition("start=")[2]


async def test_a_member_without_a_handle_becomes_a_co_host_by_link(stage: Stage) -> None:
    club, olga, [_] = stage.club("Mia")
    jo = stage.telegram.add_user(first_name="Jo")
    stage.telegram.join(club, jo)
    await make_known(stage, club, olga, jo)
    await publish(stage, club, olga)
    stage.telegram.press(olga, await manage(stage, club, olga), "👥 Add a co-host")
    await stage.settle()
    token = shared_link(stage.read_by(olga)[-1])

    stage.telegram.start(jo, stage.bot, payload=token)
    await stage.settle()

    welcome, menu = stage.read_by(jo)[-2:]
    assert "now a co-host of Demo night" in welcome.text
    assert "❌ Cancel the event" in buttons(menu)
    assert "Jo opened your link" in stage.said_to(olga)[-1]
    assert "Hosted by Olga and Jo" in card_in(stage, club).text


async def test_the_link_of_a_co_host_works_once_and_not_for_strangers(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    stranger = stage.telegram.add_user(first_name="Eve")
    await make_known(stage, club, olga, mia, jo)
    await publish(stage, club, olga)
    stage.telegram.press(olga, await manage(stage, club, olga), "👥 Add a co-host")
    await stage.settle()
    token = shared_link(stage.read_by(olga)[-1])

    for person in (stranger, mia, jo):
        stage.telegram.start(person, stage.bot, payload=token)
        await stage.settle()

    assert "for members of the community" in stage.said_to(stranger)[-1]
    assert "Hosted by Olga and Mia" in card_in(stage, club).text
    assert "expired" in stage.said_to(jo)[-1]


async def test_a_host_comes_back_to_an_event_that_is_over(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    for person in (olga, mia):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    await stage.pass_time(timedelta(days=7))

    seen = []
    for person in (olga, mia):
        stage.telegram.say(person, stage.telegram.private(person, stage.bot), "/events")
        await stage.settle()
        seen.append(buttons(stage.read_by(person)[-1]))
    stage.telegram.press(olga, stage.read_by(olga)[-1], "⚙️ Hosting")
    await stage.settle()
    hosted = stage.read_by(olga)[-1]
    stage.telegram.press(olga, hosted, "1. Demo night")
    await stage.settle()

    assert "⚙️ Hosting" in seen[0]
    assert "⚙️ Hosting" not in seen[1]
    assert "Demo night" in hosted.text
    assert "🎟 Check people in" in buttons(stage.read_by(olga)[-1])


async def test_a_host_makes_the_coming_ones_like_a_changed_one(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga, "/event Breakfast, every Friday 8:30 @ Café Kranz")
    menu = await edit(stage, club, olga)
    private = stage.telegram.private(olga, stage.bot)
    stage.telegram.press(olga, menu, "Place")
    await stage.settle()
    stage.telegram.say(olga, private, "Bakery")
    await stage.settle()

    pressed = stage.telegram.press(olga, stage.read_by(olga)[-1], "🔁 Use this for all to come")
    await stage.settle()
    await stage.pass_time(timedelta(days=4))
    await continue_series.run(stage.host.services, now=stage.clock.now())
    await stage.settle()

    assert pressed.answer is not None
    assert "From now on" in pressed.answer["text"]
    card = card_in(stage, club).text
    assert "13 Mar 2026, 08:30" in card
    assert "Bakery" in card


async def test_a_co_host_by_handle_is_told_and_answers_are_opened_again(stage: Stage) -> None:
    club, olga, [jo] = stage.club("Jo")
    await make_known(stage, club, olga, jo)
    stage.telegram.start(jo, stage.bot)
    await publish(stage, club, olga)
    menu = await manage(stage, club, olga)
    stage.telegram.press(olga, menu, "🔒 Close answers")
    await stage.settle()
    assert "Answers are closed" in card_in(stage, club).text

    stage.telegram.press(olga, menu, "🔓 Take answers again")
    stage.telegram.press(olga, menu, "👥 Add a co-host")
    await stage.settle()
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "@jo")
    await stage.settle(6)

    assert "Answers are closed" not in card_in(stage, club).text
    assert "Olga made you a co-host of Demo night" in stage.said_to(jo)[-1]


async def test_hosting_holds_drafts_and_what_is_mine_and_nothing_of_others(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    stage.telegram.promote(club, jo, by=olga)
    for person in (olga, mia, jo):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia, jo)
    await publish(stage, club, olga)
    stage.telegram.say(olga, club, "/event Breakfast, Sat 8:30")
    await stage.settle()

    seen = {}
    for person in (olga, mia, jo):
        stage.telegram.say(person, stage.telegram.private(person, stage.bot), "/events")
        await stage.settle()
        seen[person.id] = buttons(stage.read_by(person)[-1])
    stage.telegram.press(olga, stage.read_by(olga)[-1], "⚙️ Hosting")
    await stage.settle()
    hosted = stage.read_by(olga)[-1]
    stage.telegram.press(olga, hosted, "2. Breakfast")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "📣 Publish")
    await stage.settle(8)

    assert hosted.text.splitlines()[0] == "Hosted by you"
    assert "Sat 7 Mar, 08:30 (UTC) · 📝 draft, not published" in hosted.text
    assert "⚙️ Hosting" in seen[olga.id]
    # Jo is an admin, Mia a member: neither hosts anything, and a draft is nobody else's.
    assert not {"⚙️ Hosting", "2. Breakfast"} & {*seen[mia.id], *seen[jo.id]}
    assert "Breakfast" in card_in(stage, club).text


async def test_the_group_leads_a_host_to_what_they_host(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)

    lists = []
    for person in (mia, olga):
        stage.telegram.say(person, club, "/events")
        await stage.settle()
        lists.append(stage.said_in(club)[-1])
    link = lists[1]["reply_markup"]["inline_keyboard"][1][0]
    stage.telegram.start(olga, stage.bot, payload=link["url"].partition("start=")[2])
    await stage.settle()

    assert buttons(lists[0]) == ["Show my answers"]
    assert buttons(lists[1]) == ["Show my answers", "⚙️ Hosting"]
    assert "Hosted by you" in stage.said_to(olga)[-1]
    assert "1. Demo night" in buttons(stage.read_by(olga)[-1])


async def breakfasts(stage: Stage) -> tuple[Chat, User, list[User]]:
    """A weekly event of which two dates are coming, since the first was put off: Mia goes to both, Jo to the later one
    only, Wei may come to the earlier one.
    """
    club, olga, people = stage.club("Mia", "Jo", "Wei")
    for person in people:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    first = await publish(stage, club, olga, "/event Breakfast, every Friday 8:30")
    await stage.pass_time(timedelta(days=4))
    await continue_series.run(stage.host.services, now=stage.clock.now())
    async with stage.database.transaction() as session:
        put_off = {"starts_at": datetime(2026, 3, 14, 8, 30, tzinfo=UTC)}
        await events.change(session, 1, put_off, now=stage.clock.now())
    await stage.settle()
    mia, jo, wei = people
    second = card_in(stage, club)
    for person, card, button in (
        (mia, first, "✅ Going"),
        (mia, second, "✅ Going"),
        (jo, first, "✅ Going"),
        (wei, second, "🤔 Maybe"),
    ):
        stage.telegram.press(person, card, button)
        await stage.settle(8)
    return club, olga, people


async def cancel(stage: Stage, club: Chat, host: User, which: str) -> Message:
    """Press Cancel under the newest card, and then what shall be cancelled; returns the question."""
    stage.telegram.press(host, await manage(stage, club, host), "❌ Cancel the event")
    await stage.settle()
    question = stage.read_by(host)[-1]
    stage.telegram.press(host, question, which)
    await stage.settle(8)
    return question


def cancellations(stage: Stage, person: User) -> list[str]:
    return [said for said in stage.said_to(person) if said.startswith("❌")]


async def test_one_of_a_series_is_cancelled_and_the_series_goes_on(stage: Stage) -> None:
    club, olga, [mia, jo, wei] = await breakfasts(stage)

    question = await cancel(stage, club, olga, "❌ Only Fri 13 Mar")
    await stage.pass_time(timedelta(days=12))
    await continue_series.run(stage.host.services, now=stage.clock.now())
    await stage.settle()

    assert buttons(question) == ["❌ Only Fri 13 Mar", "❌ All coming dates", "Keep it"]
    assert "The series goes on." in stage.said_to(olga)[-1]
    for person in (mia, wei):
        assert cancellations(stage, person) == ["❌ Breakfast, planned for Fri 13 Mar, 08:30 (UTC), is cancelled."]
    assert cancellations(stage, jo) == []
    assert "20 Mar 2026, 08:30" in card_in(stage, club).text


async def test_all_coming_dates_are_cancelled_and_who_goes_to_several_is_told_once(stage: Stage) -> None:
    club, olga, [mia, jo, wei] = await breakfasts(stage)

    await cancel(stage, club, olga, "❌ All coming dates")
    await stage.pass_time(timedelta(days=12))
    await continue_series.run(stage.host.services, now=stage.clock.now())
    await stage.settle()

    heading = "❌ Breakfast, planned for {} 08:30 (UTC), is cancelled, and so are all dates after it."
    assert "All coming dates are cancelled" in stage.said_to(olga)[-1]
    assert [cancellations(stage, person) for person in (mia, jo, wei)] == [
        [heading.format("Fri 13 Mar,")],
        [heading.format("Sat 14 Mar,")],
        [heading.format("Fri 13 Mar,")],
    ]
    cards = [said.text.splitlines()[0] for said in stage.said_in(club) if "Breakfast" in said.text]
    assert cards == ["❌ Cancelled", "❌ Cancelled"]


async def test_the_last_of_a_series_is_cancelled_without_a_choice(stage: Stage) -> None:
    club, olga, [_] = stage.club("Mia")
    await make_known(stage, club, olga)
    await publish(stage, club, olga, "/event Breakfast, every Friday 8:30")
    stage.telegram.press(olga, await edit(stage, club, olga), "🔁 Stop repeating")
    await stage.settle()

    question = await cancel(stage, club, olga, "❌ Yes, cancel it")

    assert buttons(question) == ["❌ Yes, cancel it", "Keep it"]
    assert "Cancelled; whoever was going hears of it." in stage.said_to(olga)[-1]
