"""Manners: what is private is not done before everybody, and a host's tools say what they did."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.messages.events import is_online
from models.domain.members import consent
from models.tables.consent import Purpose
from models.tables.event import Rsvp, RsvpStatus
from models.tables.member import Member
from tests.journeys.test_events import buttons, card_in, edit, make_known, manage, publish
from tests.stage import Stage


async def test_stop_typed_in_the_group_stops_and_says_in_one_line_what_is_off(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.press(mia, stage.said_in(club)[0], "✅ Count me in")
    await stage.settle()
    n_said = len(stage.said_in(club))

    stage.telegram.say(mia, club, "/stop")
    await stage.settle()

    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).one()
        given = await consent.choices(session, member.id, 1)
    assert [purpose for purpose, is_given in given.items() if is_given] == [Purpose.RECORD]
    [said] = stage.said_in(club)[n_said:]
    assert said["text"] == (
        "Off for you now: digests, invitations, introductions, and learning from you."
        " To have any of it back: /privacy in our chat."
    )
    assert said["reply_to_message"]["from"]["id"] == mia.id


@pytest.mark.parametrize("command", ["/pause", "/mydata", "/forgetme", "/why"])
async def test_what_is_private_is_answered_in_a_group_with_a_link(stage: Stage, command: str) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    asked = stage.telegram.say(mia, club, command)

    await stage.settle()

    answer = stage.said_in(club)[-1]
    [[button]] = answer["reply_markup"]["inline_keyboard"]
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert button["url"].startswith("https://t.me/klatch_bot?start=")


GROUP_COMMANDS = (
    "/events",
    "/event Demo, Fri 19:00",
    "/event nonsense",
    "/rsvp",
    "/need",
    "/need a bookkeeper",
    "/offer",
    "/find",
    "/find a bookkeeper",
    "/privacy",
    "/help",
    "/digest",
    "/setup",
    "/settings",
    "/settings Atlantis",
)


async def test_every_answer_in_a_group_is_a_reply_to_the_command_it_answers(stage: Stage) -> None:
    club, owner, _ = stage.club()
    stage.telegram.say(owner, club, "/settings UTC")
    await stage.settle()
    strays = []
    for command in GROUP_COMMANDS:
        n_before = len(stage.said_in(club))
        asked = stage.telegram.say(owner, club, command)
        await stage.settle(90)
        answers = stage.said_in(club)[n_before:]
        replied_to = {answer.get("reply_to_message", {}).get("message_id") for answer in answers}
        if replied_to != {asked["message_id"]}:
            strays.append((command, replied_to, [answer.get("text", "")[:60] for answer in answers]))

    assert strays == []


async def test_plus_one_without_guests_means_me_too(stage: Stage) -> None:
    club, owner, [mia] = stage.club("Mia")
    stage.telegram.say(owner, club, "/settings UTC")
    stage.telegram.say(owner, club, "/event Demo, Fri 19:00")
    await stage.settle()
    card = stage.said_in(club)[-1]
    stage.telegram.press(owner, card, "📣 Publish")
    await stage.settle()

    stage.telegram.say(mia, club, "/rsvp +1", reply_to=card)
    await stage.settle()

    async with stage.database.reading() as session:
        rsvp = (await session.scalars(select(Rsvp))).one()
    assert (rsvp.status, rsvp.guests) == (RsvpStatus.GOING, 0)


async def test_an_anonymous_administrator_is_not_named_on_the_card_and_looks_after_it(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.be_anonymous(club, olga)
    stage.telegram.say(olga, club, "/settings UTC", sender_chat=club.id)
    stage.telegram.say(olga, club, "/event Demo, Fri 19:00", sender_chat=club.id)
    await stage.settle()

    stage.telegram.press(olga, stage.said_in(club)[-1], "📣 Publish")
    await stage.settle(8)
    card = stage.said_in(club)[-1]
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(8)

    card = stage.said_in(club)[-1]
    assert "Demo" in card.text
    assert "Going 1" in card.text
    assert "Olga" not in card.text
    assert "Host" not in card.text
    assert "✏️ Edit" in buttons(await manage(stage, club, olga))


@pytest.mark.parametrize("how", ["leaves", "is banned"])
async def test_who_goes_away_gives_their_seat_on_and_does_not_get_it_back(stage: Stage, how: str) -> None:
    club, olga, [mia, jo, wei] = stage.club("Mia", "Jo", "Wei")
    await make_known(stage, club, olga, mia, jo, wei)
    stage.telegram.start(wei, stage.bot)
    card = await publish(stage, club, olga)
    for member in (mia, jo, wei):
        stage.telegram.press(member, card, "✅ Going")
        await stage.settle(8)

    await stage.settle(60)
    if how == "leaves":
        stage.telegram.leave(club, mia)
    else:
        stage.telegram.ban(club, mia, olga)
    await stage.settle(8)
    offer, shown = stage.said_to(wei)[-1], card_in(stage, club).text
    if how == "is banned":
        stage.telegram.unban(club, mia, olga)
    stage.telegram.join(club, mia)
    await stage.settle(8)

    assert "A seat is free for you at Demo night" in offer
    assert "Going 2/2" in shown
    assert "Mia" not in shown
    assert "Wei" in shown
    assert "Mia" not in card_in(stage, club).text


async def test_who_only_may_come_or_waits_goes_too(stage: Stage) -> None:
    club, olga, [mia, jo, wei, ana] = stage.club("Mia", "Jo", "Wei", "Ana")
    await make_known(stage, club, olga, mia, jo, wei, ana)
    card = await publish(stage, club, olga)
    for member, button in ((mia, "✅ Going"), (jo, "✅ Going"), (wei, "✅ Going"), (ana, "🤔 Maybe")):
        stage.telegram.press(member, card, button)
        await stage.settle(8)

    for member in (wei, ana):
        stage.telegram.leave(club, member)
    await stage.settle(8)
    shown = card_in(stage, club).text

    async with stage.database.reading() as session:
        answers = [row.status for row in await session.scalars(select(Rsvp).order_by(Rsvp.id))]
    assert answers == [RsvpStatus.GOING, RsvpStatus.GOING, RsvpStatus.WITHDRAWN, RsvpStatus.WITHDRAWN]
    assert "Going 2/2" in shown
    assert "Maybe" not in shown
    assert "Waitlist" not in shown


async def test_a_group_that_becomes_a_supergroup_gets_its_coming_cards_once(stage: Stage) -> None:
    olga, mia = (stage.telegram.add_user(first_name=name, username=name.lower()) for name in ("Olga", "Mia"))
    group = stage.telegram.add_chat("Founders", kind="group", owner=olga)
    for someone in (mia, stage.bot):
        stage.telegram.add_to_chat(group, someone, by=olga)
    stage.telegram.promote(group, stage.bot, by=olga)
    await make_known(stage, group, olga, mia)
    old = await publish(stage, group, olga)

    club = stage.telegram.migrate(group)
    await stage.settle(8)
    posted = card_in(stage, club)
    stage.telegram.press(mia, posted, "✅ Going")
    await stage.settle(8)

    cards = [said for said in stage.said_in(club) if "Demo night" in said.text]
    assert "Going 0/2" in old.text
    assert [card.id for card in cards] == [posted.id]
    assert "Going 1/2" in cards[0].text


async def test_only_who_has_a_seat_is_asked_to_keep_or_release_it(stage: Stage) -> None:
    club, olga, people = stage.club("Mia", "Jo", "Wei", "Ana")
    for person in people:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    card = await publish(stage, club, olga)
    answers = ("✅ Going", "✅ Going", "✅ Going", "🤔 Maybe")
    for person, button in zip(people, answers, strict=True):
        stage.telegram.press(person, card, button)
        await stage.settle(8)
    mia, _, wei, ana = people

    stage.telegram.press(olga, await edit(stage, club, olga), "Time")
    await stage.settle()
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "Sat 18:00")
    await stage.settle(8)
    asked = {person["first_name"]: stage.read_by(person)[-1] for person in people}
    # One who has a seat gives it back; one who may come says no.
    toasts = [
        stage.telegram.press(who, asked[who["first_name"]], button)
        for who, button in ((mia, "🚫 Release my seat"), (ana, "🚫 I can't"))
    ]
    await stage.settle(8)

    assert {name: buttons(notice) for name, notice in asked.items()} == {
        "Mia": ["✅ Still coming", "🚫 Release my seat"],
        "Jo": ["✅ Still coming", "🚫 Release my seat"],
        "Wei": ["🚫 I can't"],
        "Ana": ["✅ I'll come", "🚫 I can't"],
    }
    assert "You keep your place on the waitlist." in asked["Wei"].text
    assert "Can you come then?" in asked["Ana"].text
    assert [press.answer and press.answer["text"] for press in toasts] == [
        "Thanks for telling me. Your seat goes to someone else.",
        "🚫 Noted: you can't come.",
    ]
    assert any("A seat is free for you" in said for said in stage.said_to(wei))


@pytest.mark.parametrize(
    ("place", "is_somewhere_else"),
    [
        ("Zoom", True),
        ("online", True),
        ("Online (link follows)", True),
        ("on Google Meet", True),
        ("腾讯会议", True),
        ("线上", True),
        ("Café Kranz", False),
        ("Remote Bar Berlin", False),
        ("Discord Café", False),
        ("Zoomerstraße 5", False),
        ("网红咖啡馆", False),
    ],
)
def test_what_is_online_has_no_map(place: str, is_somewhere_else: bool) -> None:
    assert is_online(place) == is_somewhere_else


async def test_a_chinese_command_in_an_english_group_is_answered_in_chinese_and_the_group_in_english(
    stage: Stage,
) -> None:
    club, owner, [wei] = stage.club("Wei")
    stage.telegram.say(owner, club, "/settings UTC")
    stage.telegram.say(owner, club, "/event Demo, Fri 19:00")
    stage.telegram.say(wei, club, "/rsvp 哈哈哈")
    await stage.settle()

    stage.telegram.say(owner, club, "/event 周五25点 读书会")
    await stage.settle(9)

    # Of the owner it is the second answer within the minute: that of Wei goes first.
    answer, preview, question = stage.said_in(club)[-3:]
    assert "Preview, not published yet" in preview["text"]
    assert answer["text"].startswith("去、待定还是不去？")
    assert question["text"].startswith("“25点”我看不出是几点")


async def test_stop_written_by_who_chose_chinese_is_answered_in_chinese(stage: Stage) -> None:
    club, _, [wei] = stage.club("Wei")
    stage.telegram.start(wei, stage.bot)
    stage.telegram.say(wei, stage.telegram.private(wei, stage.bot), "/language")
    await stage.settle()
    stage.telegram.press(wei, stage.read_by(wei)[-1], "简体中文")
    await stage.settle()

    stage.telegram.say(wei, club, "/stop")
    await stage.settle()

    assert stage.said_in(club)[-1]["text"].startswith("已经为你关掉摘要、邀请和介绍")


async def test_a_host_elsewhere_reads_the_rooms_clock_and_the_group_that_of_a_room_elsewhere(stage: Stage) -> None:
    club, owner, _ = stage.club()
    stage.telegram.say(owner, club, "/settings Berlin")
    stage.telegram.start(owner, stage.bot)
    private = stage.telegram.private(owner, stage.bot)
    stage.telegram.say(owner, private, "/settings Lisbon")
    await stage.settle(6)

    stage.telegram.say(owner, private, "/event Demo, Fri 19:00 @ Café Kranz")
    stage.telegram.say(owner, club, "/event Mixer, Fri 19:00 Lisbon time @ Time Out Market")
    stage.telegram.say(owner, club, "/event Call, Fri 19:00 Lisbon time on Zoom")
    await stage.settle(9)

    own = stage.said_to(owner)[-1]
    elsewhere, online = stage.said_in(club)[-2:]
    assert "Fri 6 Mar 2026, 19:00 Berlin time" in own
    assert "Fri 6 Mar, 19:00 Lisbon time" in elsewhere["text"]
    assert "Fri 6 Mar 2026, 20:00 Berlin time" in online["text"]
