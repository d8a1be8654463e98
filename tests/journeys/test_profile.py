"""/profile: what is inferred about a member, every line with its source; they confirm, correct, remove or leave it."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, User
from models.tables.member import Member, Mute, MuteKind
from tests.journeys.test_events import buttons
from tests.journeys.test_intro import ask
from tests.journeys.test_people_to_meet import agree, press
from tests.journeys.test_proposals import gather
from tests.stage import Stage

HELLO = "Hi all, I'm Lena, building charging lockers in Berlin, looking for an enclosure maker"


async def arrive(stage: Stage) -> tuple[Chat, User, User]:
    """Lena introduces herself, and answers two questions of Mia's."""
    club, [mia, lena] = await gather(stage, "Mia", "Lena")
    stage.telegram.say(lena, club, HELLO)
    for words in ("How long does customs clearance take for samples?", "Which papers does customs want for samples?"):
        question = stage.telegram.say(mia, club, words)
        stage.telegram.say(lena, club, "an invoice and a packing list, then two weeks", reply_to=question)
    await stage.settle()
    await stage.pass_time(timedelta(days=2))
    return club, mia, lena


async def test_every_line_has_its_source_and_takes_one_tap(stage: Stage) -> None:
    club, _, lena = await arrive(stage)

    await ask(stage, lena, "/profile")
    page = stage.read_by(lena)[-1]
    toasts = [await press(stage, lena, "✓ 1"), await press(stage, lena, "✕ 4")]
    redrawn = stage.read_by(lena)[-1]
    await press(stage, lena, "✅ All of it is right")
    settled = stage.read_by(lena)[-1]

    assert page.text.startswith("👤 What I understand of you in Founders\nOnly you see this.")
    assert "1. 🛠 “building charging lockers in Berlin”\n↳ you introduced yourself 2 days ago" in page.text
    assert "2. 🧭 logistics\n↳ you answered two questions about it, the last one 2 days ago" in page.text
    assert "3. 🧭 hardware\n↳ you introduced yourself 2 days ago" in page.text
    assert "4. 📍 Berlin\n↳ you introduced yourself 2 days ago" in page.text
    assert "5. 💬 English\n↳ you write in it" in page.text
    links = [entity["url"] for entity in page["entities"] if entity["type"] == "text_link"]
    said = [one for one in stage.telegram.messages(club) if one["from"]["id"] == lena.id]
    hello = next(one for one in said if one.text == HELLO)
    assert [link.rsplit("/", 1)[1] for link in links] == [
        str(one["message_id"]) for one in (hello, said[-1], hello, hello)
    ]
    assert toasts == ["Noted.", "Removed. I won't infer it again."]
    assert "1. 🛠 “building charging lockers in Berlin” ✅" in redrawn.text
    assert "📍" not in redrawn.text
    assert buttons(redrawn)[:2] == ["✎ 1", "✕ 1"]
    assert settled.text.count("✅") == 4
    assert buttons(settled)[-2:] == ["✕ 4", "✍️ Add a line"]


async def test_a_line_is_said_differently_or_left_and_one_is_added(stage: Stage) -> None:
    _, _, lena = await arrive(stage)
    await ask(stage, lena, "/profile")

    await press(stage, lena, "✎ 1")
    question = stage.read_by(lena)[-1]
    await ask(stage, lena, "charging lockers for e-bikes")
    corrected = stage.said_to(lena)[-1]
    await press(stage, lena, "✎ 2")
    await press(stage, lena, "Leave it")
    left = stage.said_to(lena)[-1]
    await ask(stage, lena, "/profile")
    await press(stage, lena, "✍️ Add a line")
    await ask(stage, lena, "x" * 161)
    refused = stage.said_to(lena)[-1]
    await ask(stage, lena, "third hardware start-up")

    assert question.text == "What shall it say instead of “building charging lockers in Berlin”? Send me a few words."
    assert "1. 🛠 “charging lockers for e-bikes” ✅\n↳ in your own words" in corrected
    assert left == "OK, I left it as it was."
    assert refused == "One line of at most 160 characters, please, and a dozen lines at most."
    added = stage.said_to(lena)[-1]
    assert "2. 🛠 “third hardware start-up” ✅" in added
    assert "3. 🧭 logistics\n" in added


async def test_in_chinese(stage: Stage) -> None:
    club, [lin] = await gather(stage, "小林")
    stage.telegram.say(lin, club, "大家好，我是小林，人在深圳，做跨境电商的仓储系统，在找模具厂")
    await stage.settle()
    await ask(stage, lin, "/language")
    await press(stage, lin, "简体中文")

    await ask(stage, lin, "/profile")
    page = stage.said_to(lin)[-1]
    toast = await press(stage, lin, "✕ 2")

    assert page.startswith("👤 我对你的了解（Founders）\n只有你看得到。")
    assert "1. 🛠 “做跨境电商的仓储系统”\n↳ 你1 分钟前做了自我介绍" in page
    assert "2. 🧭 物流" in page
    assert "3. 📍 深圳\n" in page
    assert toast == "删掉了，以后不再推测。"
    assert "🧭" not in stage.said_to(lin)[-1]


async def test_who_has_not_said_yes_to_learning_reads_that_nothing_is_noted(stage: Stage) -> None:
    club, _, [lena] = stage.club("Lena")
    stage.telegram.start(lena, stage.bot)
    stage.telegram.say(lena, club, HELLO)
    await stage.settle()

    await ask(stage, lena, "/profile")

    assert stage.said_to(lena)[-1].startswith("👤 In Founders you haven't said yes to my learning from you")


async def test_in_the_group_it_answers_with_the_way_to_our_chat(stage: Stage) -> None:
    club, _, lena = await arrive(stage)

    stage.telegram.say(lena, club, "/profile")
    await stage.settle()

    answer = stage.said_in(club)[-1]
    assert "lockers" not in answer.text
    assert buttons(answer) == ["Open our chat"]


async def test_a_button_of_a_line_that_went_says_so_and_somebody_elses_does_nothing(stage: Stage) -> None:
    _, _, lena = await arrive(stage)
    await ask(stage, lena, "/profile")
    page = stage.read_by(lena)[-1]
    await ask(stage, lena, "/profile")
    await press(stage, lena, "✕ 1")

    late = stage.telegram.press(lena, page, "✓ 1")
    await stage.settle()

    assert late.answer is not None
    assert late.answer["text"] == "That line is no longer there. /profile shows what is."


async def test_it_is_in_what_they_take_home(stage: Stage) -> None:
    _, _, lena = await arrive(stage)
    await ask(stage, lena, "/profile")
    await press(stage, lena, "✓ 1")
    await ask(stage, lena, "/mydata")

    taken = orjson.loads(await stage.file_in(stage.read_by(lena)[-1]))

    assert taken["profile_fact"][0]["words"] == "building charging lockers in Berlin"


async def confirmed(stage: Stage) -> tuple[Chat, User, User]:
    club, mia, lena = await arrive(stage)
    await ask(stage, lena, "/profile")
    await press(stage, lena, "✅ All of it is right")
    return club, mia, lena


async def test_members_are_found_by_what_they_confirmed_and_by_nothing_else(stage: Stage) -> None:
    club, mia, lena = await arrive(stage)
    await ask(stage, mia, "/find charging lockers")
    before = stage.said_to(mia)[-1]
    await ask(stage, lena, "/profile")
    await press(stage, lena, "✓ 1")

    await ask(stage, mia, "/find charging lockers")
    answer = stage.read_by(mia)[-1]
    await ask(stage, mia, "/find who is in Berlin?")
    by_place = stage.said_to(mia)[-1]
    stage.telegram.say(mia, club, "/find charging lockers")
    await stage.settle()

    assert before.startswith("🔎 Nobody here has posted that yet.")
    assert answer.text.splitlines() == [
        "🔎 charging lockers",
        "",
        "Members",
        "1. Lena (@lena)",
        "🛠 “building charging lockers in Berlin”",
    ]
    assert buttons(answer) == ["1. ✍️ Write to Lena"]
    # It is said in her words, too.
    assert "Lena" in by_place
    assert "📍" not in by_place
    # In a group everybody would see whom they are shown.
    assert "Lena" not in stage.said_in(club)[-1].text


async def test_a_field_is_found_where_nobody_says_just_that(stage: Stage) -> None:
    _, mia, _ = await confirmed(stage)

    await ask(stage, mia, "/find 谁懂固件？")

    assert stage.said_to(mia)[-1].splitlines()[:4] == [
        "🔎 谁懂固件？: nobody says just that. In the same field:",
        "",
        "Members",
        "1. Lena (@lena)",
    ]


@pytest.mark.parametrize("purpose", ["learn", "introduce", "record"])
async def test_a_no_takes_them_out_of_what_is_found_at_once(stage: Stage, purpose: str) -> None:
    _, mia, lena = await confirmed(stage)

    await agree(stage, lena, purpose, is_given=False)
    await ask(stage, mia, "/find charging lockers")

    assert "Lena" not in stage.said_to(mia)[-1]


@pytest.mark.parametrize(("kind", "is_found"), [(MuteKind.PERSON, False), (MuteKind.NAMELESS, True)])
@pytest.mark.parametrize("is_by_reader", [True, False])
async def test_who_left_the_other_out_by_name_is_not_shown_and_namelessly_is(
    stage: Stage, kind: MuteKind, is_found: bool, is_by_reader: bool
) -> None:
    _, mia, lena = await confirmed(stage)
    async with stage.database.transaction() as session:
        query = select(Member.id).where(Member.telegram_id.in_([mia.id, lena.id])).order_by(Member.telegram_id)
        ids = list(await session.scalars(query))
        who, whom = ids if is_by_reader else ids[::-1]
        session.add(Mute(member_id=who, kind=kind, target=str(whom), created_at=stage.clock.now()))

    await ask(stage, mia, "/find charging lockers")

    assert ("Lena" in stage.said_to(mia)[-1]) == is_found
