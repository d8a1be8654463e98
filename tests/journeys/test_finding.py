"""/find: who offers it, who needs it, where it comes up; spelt as people spell, in either script; and what nobody posted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.playground.server.snapshots import Chat, Message, User
from models.tables.event import Event, Visibility
from tests.journeys.test_events import buttons, make_known, publish
from tests.stage import Stage


async def post(stage: Stage, club: Chat, user: User, *texts: str) -> None:
    for text in texts:
        stage.telegram.say(user, club, text)
        await stage.settle(2)


async def ask(stage: Stage, user: User, chat: Chat, text: str) -> Message:
    """The answer to /find."""
    stage.telegram.say(user, chat, text)
    await stage.settle(2)
    [answer] = [said for said in stage.telegram.messages(chat, last=3) if said.text.startswith("🔎")][-1:]
    return answer


async def test_what_one_person_offers_is_found_by_other_words_and_leads_to_its_card(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(
        stage,
        club,
        mia,
        "/offer pottery lessons in Kreuzberg",
        "/need a tax adviser until 20 March",
        "/offer a 3D printer",
    )

    answer = await ask(stage, jo, club, "/find who teaches potery?")

    assert answer.text.splitlines() == [
        "🔎 who teaches potery?",
        "",
        "Offered",
        "1. pottery lessons",
        "Mia · 📍 Kreuzberg",
    ]
    [link] = [one["url"] for one in answer["entities"] if one["type"] == "text_link"]
    [card] = [said for said in stage.telegram.messages(club) if "pottery lessons" in said.text and buttons(said)]
    assert link.endswith(f"/{card['message_id']}")
    assert buttons(answer) == []


async def test_needs_offers_and_events_stand_apart_and_private_ones_have_buttons(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    private = stage.telegram.start(jo, stage.bot)
    await make_known(stage, club, mia, jo)
    await post(stage, club, mia, "/need a lawyer for term sheets", "/offer thirty minutes with my lawyer")
    await publish(stage, club, olga, "/event Lawyers' breakfast, tomorrow 9:00 @ Kranz")

    answer = await ask(stage, jo, private, "/find lawyer")

    text = answer.text
    assert (
        text.index("Offered") < text.index("1. thirty minutes") < text.index("Needed") < text.index("2. a lawyer for")
    )
    assert text.index("Coming up") < text.index("3. Lawyers' breakfast")
    assert buttons(answer) == ["1. 🙋 I'm interested", "2. 🙋 I can help", "3. Lawyers' breakfast"]

    press = stage.telegram.press(jo, answer, "2. 🙋 I can help")
    await stage.settle(3)
    assert press.answer is not None
    assert press.answer["text"].startswith("Thank you!")


async def test_chinese_is_found_in_either_script_and_answered_in_the_groups_language(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(stage, club, mia, "/offer 欧盟医疗器械注册咨询")

    answer = await ask(stage, jo, club, "/find 誰懂醫療器械註冊？")

    assert "1. 欧盟医疗器械注册咨询" in answer.text


async def test_what_nobody_posted_is_said_with_the_line_that_asks_for_it(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(stage, club, mia, "/offer pottery lessons")

    answer = await ask(stage, jo, club, "/find quantum <chemistry>")

    assert answer.text == "🔎 Nobody here has posted that yet. Ask for it:\n/need quantum <chemistry>"


@pytest.mark.parametrize(
    ("asked", "need"),
    [
        ("who teaches pottery?", "pottery"),
        ("does anyone know a good notary in Lyon?", "a good notary in Lyon"),
        ("I'm looking for a pastry chef", "a pastry chef"),
        ("谁懂陶艺？", "陶艺"),
        ("有没有人会调香的吗", "调香的"),
        # Nothing but asking, and no question at all.
        ("who knows?", "who knows"),
        ("whole grain bakery", "whole grain bakery"),
        ("会议记录", "会议记录"),
    ],
)
async def test_the_line_that_asks_for_it_does_without_the_words_that_only_ask(
    stage: Stage, asked: str, need: str
) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(stage, club, mia, "/offer quantum firmware")

    answer = await ask(stage, jo, club, f"/find {asked}")

    assert answer.text.splitlines()[-1] == f"/need {need}"


async def test_where_nobody_says_just_that_the_same_field_is_shown_also_across_languages(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(stage, club, mia, "/offer PCB assembly for small runs", "/offer pottery lessons")

    answer = await ask(stage, jo, club, "/find 固件")

    assert answer.text.splitlines()[0] == "🔎 固件: nobody says just that. In the same field:"
    assert ("PCB assembly" in answer.text, "pottery" in answer.text) == (True, False)


async def test_without_words_the_newest_open_ones_are_shown(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    empty = await ask(stage, jo, club, "/find")
    await post(stage, club, mia, "/offer pottery lessons", "/need a desk for one week")

    answer = await ask(stage, jo, club, "/find")

    assert empty.text.startswith("🔎 Nothing is open yet.")
    assert ("1. pottery lessons" in answer.text, "2. a desk" in answer.text) == (True, True)


async def test_what_has_ended_and_what_another_community_posted_is_not_found(stage: Stage) -> None:
    club, _, [mia, jo] = stage.club("Mia", "Jo")
    other, _, [eve] = stage.club("Eve")
    await make_known(stage, club, mia, jo)
    await make_known(stage, other, eve)
    await post(stage, other, eve, "/offer pottery lessons")
    await post(stage, club, mia, "/offer pottery lessons until tomorrow")
    await stage.pass_time(timedelta(days=3))

    answer = await ask(stage, jo, club, "/find pottery")

    assert answer.text.startswith("🔎 Nobody here has posted that yet.")


async def test_an_event_that_only_its_links_lead_to_is_found_by_its_host_alone(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    hers, his = stage.telegram.start(olga, stage.bot), stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, mia, olga)
    await publish(stage, club, olga, "/event Pottery evening, tomorrow 19:00 @ Kranz")
    async with stage.database.transaction() as session:
        await session.execute(update(Event).values(visibility=Visibility.LINK))

    assert "1. Pottery evening" in (await ask(stage, olga, hers, "/find pottery")).text
    assert (await ask(stage, mia, his, "/find pottery")).text.startswith("🔎 Nobody here")


async def test_a_question_of_four_thousand_characters_is_answered_like_any_other(stage: Stage) -> None:
    club, _, [mia, jo] = await stage.known_club("Mia", "Jo")
    await post(stage, club, mia, "/offer pottery lessons")

    answer = await ask(stage, jo, club, "/find " + "teach potery \u202e" * 280)

    assert "1. pottery lessons" in answer.text
    assert len(answer.text) < 300
