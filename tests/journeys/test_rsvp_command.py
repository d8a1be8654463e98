from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.playground.server.things import Chat, Message, User
from models.tables.event import Rsvp
from models.tables.member import Member
from tests.journeys.test_events import LINE, buttons, card_in, make_known, publish, rows
from tests.stage import Stage


async def answers(stage: Stage) -> dict[str, tuple[str, int]]:
    """What holds, by name."""
    async with stage.database.reading() as session:
        found = await session.execute(select(Member.name, Rsvp.status, Rsvp.guests).join(Rsvp))
        return {name: (status, guests) for name, status, guests in found}


def reactions_to(stage: Stage, chat: Chat, said: Message) -> list[str]:
    shown = next(one for one in stage.telegram.messages(chat) if one.id == said.id)
    return [one["type"]["emoji"] for one in shown.get("reactions", [])]


async def test_a_reply_to_the_card_is_an_answer_and_a_reaction_its_receipt(stage: Stage) -> None:
    club, olga, [mia, jo, wei] = stage.club("Mia", "Jo", "Wei")
    await make_known(stage, club, olga, mia, jo, wei)
    card = await publish(stage, club, olga)
    n_before = len(stage.said_in(club))

    said = [
        stage.telegram.say(person, club, words, reply_to=card)
        for person, words in ((mia, "/rsvp"), (jo, "/rsvp maybe"), (wei, "/rsvp@klatch_bot 不去"))
    ]
    await stage.settle(6)

    assert await answers(stage) == {"Mia": ("going", 0), "Jo": ("maybe", 0), "Wei": ("not_going", 0)}
    assert [reactions_to(stage, club, one) for one in said] == [["👍"], ["👌"], ["👌"]]
    assert len(stage.said_in(club)) == n_before
    assert "Going 1/2 · 🤔 Maybe 1" in card_in(stage, club).text


async def test_the_only_event_needs_no_reply_and_saying_it_twice_changes_nothing(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)

    for _ in range(2):
        stage.telegram.say(mia, club, "/rsvp going")
        await stage.settle()

    assert await answers(stage) == {"Mia": ("going", 0)}


async def test_a_full_event_tells_the_place_in_line_and_opens_the_chat(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    stage.telegram.start(jo, stage.bot)
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00, 1 seat")
    for person in (olga, mia, jo):
        stage.telegram.say(person, club, "/rsvp", reply_to=card)
        await stage.settle()

    told = [said for said in stage.said_in(club) if "waitlist" in said.text and "Going" not in said.text]

    assert ["number 1" in told[0].text, "number 2" in told[1].text] == [True, True]
    assert [said["reply_to_message"]["from"]["id"] for said in told] == [mia.id, jo.id]
    # Mia can't be told of a free seat yet; Jo can.
    assert [buttons(said) for said in told] == [["Open our chat"], []]


async def test_several_events_are_chosen_by_title_by_number_or_in_private(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga, "/event Breakfast, 20 Mar 8:30")
    await publish(stage, club, olga)
    private = stage.telegram.private(mia, stage.bot)

    stage.telegram.say(mia, club, "/rsvp")
    await stage.settle()
    asked = stage.said_in(club)[-1]
    stage.telegram.say(mia, club, "/rsvp breakfast maybe")
    stage.telegram.say(mia, private, "/rsvp")
    await stage.settle(5)
    listed = stage.read_by(mia)[-1]
    stage.telegram.say(mia, private, "/rsvp 1 去")
    await stage.settle()

    assert "Which one?" in asked.text
    assert buttons(asked) == ["Choose in private"]
    assert "1. Demo night" in listed.text
    assert "/rsvp 2 maybe" in listed.text
    shown = stage.read_by(mia)[-1]
    assert "Demo night" in shown.text
    assert "You are going" in shown.text
    assert sorted(row.status for row in await rows(stage, select(Rsvp))) == ["going", "maybe"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("/rsvp 99", "no such event"),
        ("/rsvp 0", "no such event"),
        ("/rsvp opera", "no such event"),
        ("/rsvp +9", "more guests"),
        ("/rsvp " + "去" * 4_000, "no such event"),
        ("/rsvp <b>\u202eevil</b>", "no such event"),
    ],
)
async def test_what_leads_nowhere_gets_one_sentence(stage: Stage, words: str, told: str) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)

    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), words)
    await stage.settle()

    said = stage.said_to(mia)[-1] if told == "no such event" else stage.read_by(mia)[-1].text
    assert told in said
    assert await answers(stage) == {}


async def test_guests_come_with_the_command(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00, 5 seats, +2 guests")

    stage.telegram.say(mia, club, "/rsvp +2", reply_to=card)
    await stage.settle()

    assert await answers(stage) == {"Mia": ("going", 2)}
    assert "Going 3/5" in card_in(stage, club).text


async def test_an_answer_needs_somebody_and_an_event_of_ones_own_community(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    other = stage.telegram.add_chat("Elsewhere", kind="supergroup", owner=stage.telegram.add_user(first_name="Eve"))
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stranger: User = stage.telegram.add_user(first_name="Stan")
    stage.telegram.start(stranger, stage.bot)
    await stage.settle()
    stage.telegram.be_anonymous(club, olga)

    stage.telegram.say(olga, club, "/rsvp", reply_to=card)
    stage.telegram.say(stranger, stage.telegram.private(stranger, stage.bot), "/rsvp demo night")
    await stage.settle()

    assert other is not None
    assert "can't see who you are" in stage.said_in(club)[-1].text
    assert "no such event" in stage.said_to(stranger)[-1]
    assert await answers(stage) == {}


async def test_a_reply_to_anything_else_means_the_only_event(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga, LINE)
    chatter = stage.telegram.say(olga, club, "Who comes on Friday?")

    stage.telegram.say(mia, club, "/rsvp in", reply_to=chatter)
    await stage.settle()

    assert await answers(stage) == {"Mia": ("going", 0)}
