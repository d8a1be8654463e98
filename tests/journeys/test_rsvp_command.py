"""Answering by command: what the group reads, what the card says, and what strange commands come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.playground.server.snapshots import Chat, Message, User
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.journeys.test_events import buttons, card_in, make_known, publish, rows
from tests.stage import Stage

LINE = "/event Demo night, Fri 19:00-21:30 @ Café Kranz, 2 seats"


async def club_with_card(stage: Stage, *names: str, line: str = LINE) -> tuple[Chat, User, list[User], Message]:
    """Everyone is known, nobody can be written to, and a card stands in the group."""
    club, olga, people = stage.club(*names)
    await make_known(stage, club, olga, *people)
    return club, olga, people, await publish(stage, club, olga, line)


async def command(stage: Stage, who: User, chat: Chat, text: str, **values: Any) -> Message:
    """The command as it stands in the chat once the bot has answered."""
    said = stage.telegram.say(who, chat, text, **values)
    await stage.settle(6)
    return next(one for one in stage.telegram.messages(chat) if one.id == said.id)


def reactions(message: Message) -> list[str]:
    return [one["type"]["emoji"] for one in message.get("reactions", [])]


async def standings(stage: Stage) -> dict[str, tuple[str, int]]:
    async with stage.database.reading() as session:
        found = await session.execute(select(Member.name, Rsvp).join(Rsvp, Rsvp.member_id == Member.id))
        return {name: (rsvp.status, rsvp.guests) for name, rsvp in found}


@pytest.mark.parametrize(
    ("words", "status", "reaction"),
    [
        ("/rsvp", "going", "👍"),  # nothing is yes
        ("/rsvp going", "going", "👍"),
        ("/rsvp@klatch_bot maybe", "maybe", "👌"),  # as Telegram's own menu writes it
        ("/rsvp can't", "not_going", "👌"),
        ("/rsvp 算我一个", "going", "👍"),
        ("/rsvp 待定", "maybe", "👌"),
        ("/rsvp 去不了", "not_going", "👌"),
    ],
)
async def test_a_reply_to_the_card_answers_it_and_the_receipt_is_a_reaction(
    stage: Stage, words: str, status: str, reaction: str
) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    before = len(stage.said_in(club))

    said = await command(stage, mia, club, words, reply_to=card)

    assert await standings(stage) == {"Mia": (status, 0)}
    assert reactions(said) == [reaction]
    assert len(stage.said_in(club)) == before


async def test_a_second_command_and_a_replayed_one_change_nothing(stage: Stage) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    said = await command(stage, mia, club, "/rsvp going", reply_to=card)
    raw = {name: part for name, part in said.items() if name not in ("reactions", "reacted_by", "is_pinned")}

    again = await command(stage, mia, club, "/rsvp going", reply_to=card)
    stage.telegram.inject(stage.bot, {"message": raw})
    await stage.settle(6)

    told = await rows(stage, select(Interaction.what).where(Interaction.kind == "rsvp"))
    assert told == ["going"]
    assert reactions(again) == ["👍"]
    assert "Going 1/2" in card_in(stage, club).text
    assert [row.confirmed_at for row in await rows(stage, select(Rsvp))] == [None]


async def test_the_only_event_coming_up_needs_no_reply(stage: Stage) -> None:
    club, _, [mia], _ = await club_with_card(stage, "Mia")
    small_talk = stage.telegram.say(mia, club, "who comes on Friday?")

    said = await command(stage, mia, club, "/rsvp", reply_to=small_talk)

    assert await standings(stage) == {"Mia": ("going", 0)}
    assert reactions(said) == ["👍"]


async def test_with_several_events_the_way_to_the_private_list_is_shown(stage: Stage) -> None:
    club, olga, [mia], _ = await club_with_card(stage, "Mia")
    await publish(stage, club, olga, "/event Breakfast, Sat 9:00")

    said = await command(stage, mia, club, "/rsvp going")
    asked = stage.said_in(club)[-1]
    link = asked["reply_markup"]["inline_keyboard"][0][0]["url"]
    stage.telegram.start(mia, stage.bot, payload=link.partition("start=")[2])
    await stage.settle()
    private = stage.telegram.private(mia, stage.bot)
    stage.telegram.say(mia, private, "/rsvp 2 maybe")
    await stage.settle(6)

    assert asked["reply_to_message"]["message_id"] == said.id
    assert "Which event?" in asked.text
    assert "2. Breakfast" in stage.said_to(mia)[0]
    assert "Breakfast" in stage.said_to(mia)[-1]
    assert "🤔 Noted: maybe." in stage.said_to(mia)[-1]
    [answer] = await rows(stage, select(Event.title).join(Rsvp, Rsvp.event_id == Event.id))
    assert answer == "Breakfast"


async def test_in_private_the_list_asks_for_a_number_and_the_only_event_for_none(stage: Stage) -> None:
    club, olga, [mia], _ = await club_with_card(stage, "Mia")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    private = stage.telegram.private(mia, stage.bot)

    for line in ("/rsvp 去",):
        stage.telegram.say(mia, private, line)
        await stage.settle(6)
    alone = stage.read_by(mia)[-1]
    await publish(stage, club, olga, "/event Breakfast, Sat 9:00")
    said = []
    for line in ("/rsvp maybe", "/rsvp 7 no", "/rsvp what is this?", "/rsvp 2 +1"):
        stage.telegram.say(mia, private, line)
        await stage.settle(6)
        said.append(stage.said_to(mia)[-1])

    assert "✅ You're going." in alone.text
    assert "✅ Going" in buttons(alone)
    assert "Add its number" in said[0]
    assert "2. Breakfast" in said[0]
    assert "no number 7" in said[1]
    assert "Going, maybe or no?" in said[2]
    # Where no guests are taken, +1 means "me too".
    assert "✅ You're going." in said[3]
    assert await standings(stage) == {"Mia": ("going", 0)}


async def test_guests_come_along_as_far_as_the_host_allows(stage: Stage) -> None:
    club, _, [mia, jo], card = await club_with_card(
        stage, "Mia", "Jo", line="/event Demo night, Fri 19:00, 4 seats, +1 ok"
    )

    with_one = await command(stage, mia, club, "/rsvp +1", reply_to=card)
    await command(stage, mia, club, "/rsvp +1", reply_to=card)
    too_many = await command(stage, jo, club, "/rsvp 带两个人", reply_to=card)

    assert await standings(stage) == {"Mia": ("going", 1)}
    assert reactions(with_one) == ["👍"]
    assert reactions(too_many) == []
    refusal = stage.said_in(club)[-1]
    assert refusal.text == "最多可以带 1 人。"
    assert refusal["reply_to_message"]["message_id"] == too_many.id
    assert "Going 2/4" in card_in(stage, club).text


async def test_a_full_event_tells_the_place_in_the_line_and_how_to_hear_of_a_seat(stage: Stage) -> None:
    club, _, [mia, jo, wei], card = await club_with_card(
        stage, "Mia", "Jo", "Wei", line="/event Demo night, Fri 19:00, 1 seat"
    )
    stage.telegram.start(wei, stage.bot)
    await command(stage, mia, club, "/rsvp", reply_to=card)

    await command(stage, jo, club, "/rsvp", reply_to=card)
    unreachable = stage.said_in(club)[-1]
    await command(stage, wei, club, "/rsvp", reply_to=card)
    reachable = stage.said_in(club)[-1]
    await command(stage, mia, club, "/rsvp no", reply_to=card)

    assert "number 1 on the waitlist" in unreachable.text
    assert buttons(unreachable) == ["🔔 Tell me when a seat is free"]
    assert "number 2 on the waitlist" in reachable.text
    assert buttons(reachable) == []
    assert stage.said_in(club)[-1].text.startswith("Jo, a seat at Demo night is free for you")


async def test_where_reactions_are_not_allowed_silent_words_reply(stage: Stage) -> None:
    club, olga, [mia], card = await club_with_card(stage, "Mia")
    stage.telegram.allow_reactions(club, [], by=olga)

    said = await command(stage, mia, club, "/rsvp", reply_to=card)

    words = stage.said_in(club)[-1]
    assert words.text == "✅ You're going."
    assert words["reply_to_message"]["message_id"] == said.id
    sent = [call.params for call in stage.telegram.calls if call.method == "sendMessage"][-1]
    assert sent["disable_notification"] == "true"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "cancelled"}, "This event was cancelled."),
        ({"starts_at": "past", "ends_at": "past"}, "This event is over."),
        ({"rsvp_until": "past"}, "Answers are closed"),
    ],
)
async def test_what_takes_no_answers_says_so(stage: Stage, change: dict[str, Any], sentence: str) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    past = stage.clock.now() - timedelta(days=1)
    values = {name: past if value == "past" else value for name, value in change.items()}
    async with stage.database.transaction() as session:
        await session.execute(update(Event).values(**values))

    said = await command(stage, mia, club, "/rsvp", reply_to=card)

    assert sentence in stage.said_in(club)[-1].text
    assert reactions(said) == []
    assert await rows(stage, select(Rsvp)) == []


async def test_a_card_whose_event_is_gone_answers_nothing_else(stage: Stage) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    async with stage.database.transaction() as session:
        await session.delete((await session.scalars(select(Event))).one())

    said = await command(stage, mia, club, "/rsvp", reply_to=card)

    assert "Nothing is planned yet" in stage.said_in(club)[-1].text
    assert reactions(said) == []


async def test_a_card_of_another_communitys_chat_is_not_answered_from_here(stage: Stage) -> None:
    club, _, [mia], _ = await club_with_card(stage, "Mia")
    other = stage.telegram.add_chat("Other", kind="supergroup", owner=stage.telegram.add_user(first_name="Eve"))
    foreign = {"message_id": card_in(stage, club).id, "chat": dict(other), "origin": {"type": "hidden_user"}}
    origin = {"type": "hidden_user", "sender_user_name": "Eve", "date": 1}
    raw = {
        "message_id": 999,
        "from": dict(mia),
        "chat": {"id": club.id, "title": "Founders", "type": "supergroup"},
        "date": int(stage.clock.now().timestamp()),
        "text": "/rsvp going",
        "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        "external_reply": {**foreign, "origin": origin},
    }

    stage.telegram.inject(stage.bot, {"message": raw})
    await stage.settle(6)

    assert await rows(stage, select(Rsvp)) == []
    assert "Which event?" in stage.said_in(club)[-1].text


async def test_an_unlisted_event_of_another_chat_is_not_the_only_one_here(stage: Stage) -> None:
    club, _, [mia], _ = await club_with_card(stage, "Mia")
    async with stage.database.transaction() as session:
        event = (await session.scalars(select(Event))).one()
        event.visibility = "link"
        await session.execute(update(Delivery).where(Delivery.kind == "reply").values(failed_at=stage.clock.now()))

    await command(stage, mia, club, "/rsvp")

    assert await rows(stage, select(Rsvp)) == []
    assert "Nothing is planned yet" in stage.said_in(club)[-1].text


async def test_an_edited_command_is_pointed_at_and_not_obeyed(stage: Stage) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    said = await command(stage, mia, club, "/rsvp maybe", reply_to=card)

    stage.telegram.edit(mia, said, "/rsvp going")
    await stage.settle(6)
    answer = stage.said_in(club)[-1]
    small_talk = stage.telegram.say(mia, club, "hello")
    stage.telegram.edit(mia, small_talk, "/shrug hello")
    await stage.settle(6)

    assert await standings(stage) == {"Mia": ("maybe", 0)}
    assert answer["reply_to_message"]["message_id"] == said.id
    assert "follow edits" in answer.text
    assert stage.said_in(club)[-1].id == answer.id


async def test_an_anonymous_administrator_has_no_seat(stage: Stage) -> None:
    club, olga, _, card = await club_with_card(stage, "Mia")
    stage.telegram.be_anonymous(club, olga)

    await command(stage, olga, club, "/rsvp", reply_to=card)

    assert "as yourself" in stage.said_in(club)[-1].text
    assert await rows(stage, select(Rsvp)) == []


@pytest.mark.parametrize("words", ["2 maybe", "whatever", "<b>yes</b>", "x" * 4_000, "去" * 4_000])
async def test_words_that_are_no_answer_get_a_hint(stage: Stage, words: str) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")

    await command(stage, mia, club, f"/rsvp {words}", reply_to=card)

    hint = "去、待定还是不去？比如 /rsvp 去" if words.startswith("去") else "Going, maybe or no? Try /rsvp going"
    assert stage.said_in(club)[-1].text.startswith(hint)
    assert await rows(stage, select(Rsvp)) == []


async def test_five_thousand_characters_get_the_same_hint(stage: Stage) -> None:
    club, _, [mia], _ = await club_with_card(stage, "Mia")
    said = {**stage.telegram.say(mia, club, "/rsvp going"), "text": "/rsvp " + "x" * 5_000, "message_id": 998}

    stage.telegram.inject(stage.bot, {"message": said})
    await stage.settle(6)

    assert any(said.text.startswith("Going, maybe or no?") for said in stage.said_in(club))
    assert await standings(stage) == {"Mia": ("going", 0)}


async def test_in_a_chinese_community_the_group_reads_chinese(stage: Stage) -> None:
    club, _, [mia], card = await club_with_card(stage, "Mia")
    async with stage.database.transaction() as session:
        await session.execute(update(Community).values(language="zh"))

    await command(stage, mia, club, "/rsvp 随便", reply_to=card)

    assert stage.said_in(club)[-1].text.startswith("去、待定还是不去？")


async def club_with_two(stage: Stage) -> tuple[Chat, User, User, Chat]:
    """Mia, who can be written to, with a Friday and a Saturday to come."""
    club, olga, [mia], _ = await club_with_card(stage, "Mia")
    await publish(stage, club, olga, "/event Breakfast, Sat 9:00 @ Bakery")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    return club, olga, mia, stage.telegram.private(mia, stage.bot)


async def test_a_number_answers_the_event_it_names_and_one_tap_takes_it_back(stage: Stage) -> None:
    _, _, mia, private = await club_with_two(stage)
    await command(stage, mia, private, "/events")

    await command(stage, mia, private, "/rsvp 2")
    answer = stage.read_by(mia)[-1]
    stage.telegram.press(mia, answer, "↩️ Not this one? Undo")
    await stage.settle(4)

    for said in ("Breakfast", "Sat 7 Mar 2026, 09:00", "Bakery", "✅ You're going."):
        assert said in answer.text
    assert await standings(stage) == {"Mia": ("withdrawn", 0)}
    assert "You're going" not in stage.said_to(mia)[-1]


async def test_the_way_back_leads_to_the_answer_that_held_before(stage: Stage) -> None:
    _, _, mia, private = await club_with_two(stage)
    await command(stage, mia, private, "/rsvp 2 maybe")
    await command(stage, mia, private, "/rsvp 2 no")

    stage.telegram.press(mia, stage.read_by(mia)[-1], "↩️ Not this one? Undo")
    await stage.settle(4)

    assert await standings(stage) == {"Mia": ("maybe", 0)}


async def test_saying_it_again_offers_no_way_back(stage: Stage) -> None:
    _, _, mia, private = await club_with_two(stage)
    await command(stage, mia, private, "/rsvp 2")
    await command(stage, mia, private, "/rsvp 2")

    assert "↩️ Not this one? Undo" not in buttons(stage.read_by(mia)[-1])


async def test_a_number_of_a_list_that_has_changed_since_is_asked_about(stage: Stage) -> None:
    club, olga, mia, private = await club_with_two(stage)
    await command(stage, mia, private, "/events")
    await publish(stage, club, olga, "/event Lunch, Fri 12:00")

    await command(stage, mia, private, "/rsvp 2")
    asked = stage.said_to(mia)[-1]
    nobody = await standings(stage)
    await command(stage, mia, private, "/rsvp 2")

    assert asked.startswith("The list has changed since you saw it")
    assert "2. Demo night" in asked
    assert nobody == {}
    assert "Demo night" in stage.said_to(mia)[-1]
    assert await standings(stage) == {"Mia": ("going", 0)}


async def test_a_number_is_one_of_the_narrowed_list_that_was_seen(stage: Stage) -> None:
    _, _, mia, private = await club_with_two(stage)
    await command(stage, mia, private, "/rsvp 2 maybe")
    await command(stage, mia, private, "/events")
    stage.telegram.press(mia, stage.read_by(mia)[-1], "Mine")
    await stage.settle(4)

    await command(stage, mia, private, "/rsvp 1 no")

    assert "Breakfast" in stage.said_to(mia)[-1]
    assert await standings(stage) == {"Mia": ("not_going", 0)}
