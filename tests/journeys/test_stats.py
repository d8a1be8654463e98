"""/stats: admins read in private what came of things and what is missing; nobody else does, and no number is about few."""

from __future__ import annotations

from datetime import timedelta

from bot.playground.server.snapshots import Chat, User
from tests.journeys.test_events import buttons
from tests.journeys.test_listings import cards_in, open_page, post
from tests.journeys.test_pair_rules import press, write
from tests.journeys.test_rounds import join, next_round, society
from tests.stage import Stage

NEEDS = ("a lawyer for our shareholder agreement", "a lawyer to read an NDA", "a notary for the GmbH")


async def busy(stage: Stage) -> tuple[Chat, User, list[User]]:
    """Six who meet in a round and say so; three of them need a lawyer, and find nobody here."""
    club, olga, people = await society(stage, "Ana", "Priya", "Kofi", "Jo", "Tom", "Mei")
    stage.telegram.start(olga, stage.bot)
    await join(stage, club, *people)
    for person, text in zip(people, NEEDS, strict=False):
        await post(stage, club, person, f"/need {text}")
    await next_round(stage)
    for person in people:
        await press(stage, person, "✅ We met")
    return club, olga, people


async def test_an_admin_reads_last_week_in_private_and_this_week_later(stage: Stage) -> None:
    club, olga, _ = await busy(stage)

    stage.telegram.say(olga, club, "/stats")
    await stage.settle()
    in_group = stage.said_in(club)[-1]
    token = in_group["reply_markup"]["inline_keyboard"][0][0]["url"].partition("start=")[2]
    stage.telegram.start(olga, stage.bot, token)
    await stage.settle()
    at_once = stage.said_to(olga)[-1].splitlines()
    await stage.clock.advance(timedelta(days=7))
    [later] = await write(stage, olga, "/stats")
    await stage.clock.advance(timedelta(weeks=12))
    [much_later] = await write(stage, olga, "/stats")

    assert in_group["text"] == "That's for admins alone. Tap below and we go on in private."
    assert at_once[:6] == [
        "📊 Founders",
        "The 12 weeks until Mon 2 Mar (in brackets: the 12 before)",
        "",
        "What came of it",
        "Too few for a number.",
        "",
    ]
    assert "legal matters: 3 need it · nobody offers it" in at_once
    assert later.splitlines()[4:6] == ["☕ Rounds: 3 introduced · 3 met", "📋 Needs and offers: 3 posted"]
    assert much_later.splitlines()[4] == "Too few for a number."


async def test_what_was_found_here_stands_beside_the_weeks_before(stage: Stage) -> None:
    club, olga, people = await busy(stage)
    await stage.clock.advance(timedelta(weeks=12))
    for person in people:
        for n in range(2):
            await post(stage, club, person, f"/offer an hour of firmware help {n}")
    for n, person in enumerate(reversed(people)):
        page = await open_page(stage, person, cards_in(stage, club)[-1 - 2 * n])
        assert "✅ Taken here" in buttons(page)
        await press(stage, person, "✅ Taken here")
    await stage.clock.advance(timedelta(days=7))

    [said] = await write(stage, olga, "/stats")

    assert "📋 Needs and offers: 12 posted (3) · 6 found here" in said.splitlines()
    assert "hardware: 6 offer it" in said.splitlines()


async def test_members_are_told_nothing(stage: Stage) -> None:
    club, _, people = await busy(stage)

    [said] = await write(stage, people[0], "/stats")
    stage.telegram.say(people[0], club, "/stats")
    await stage.settle()

    assert said == "You're not an admin of a community I'm in."
    assert stage.said_in(club)[-1]["text"] == "Only admins of this group can do that."


async def test_it_reads_as_well_in_chinese(stage: Stage) -> None:
    _, olga, _ = await busy(stage)
    await write(stage, olga, "/language")
    await press(stage, olga, "简体中文")

    [said] = await write(stage, olga, "/stats")

    lines = said.splitlines()
    assert lines[1] == "截至 3月2日 周一的 12 周（括号里是再往前 12 周）"
    assert "法律：3 人需要 · 还没人提供" in lines
