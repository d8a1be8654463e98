"""Admins keep two members apart, or bring them together in a round: in private, and nobody else ever hears of it."""

from __future__ import annotations

from sqlalchemy import select

from bot.callbacks import PairAction, PairButton
from bot.playground.server.snapshots import Chat, User
from models.tables.pair_rule import PairRule
from tests.journeys.test_complements import NEED, OFFER, match, matches_of
from tests.journeys.test_events import buttons, rows
from tests.journeys.test_hostile_input import press_forged
from tests.journeys.test_listings import post
from tests.journeys.test_rounds import join, met, next_round, society
from tests.stage import Stage


async def write(stage: Stage, who: User, text: str) -> list[str]:
    """Words in private; what was answered."""
    n_before = len(stage.said_to(who))
    stage.telegram.say(who, stage.telegram.private(who, stage.bot), text)
    await stage.settle(5)
    return stage.said_to(who)[n_before:]


async def press(stage: Stage, who: User, label: str) -> str:
    said = next(one for one in reversed(stage.read_by(who)) if label in buttons(one))
    pressed = stage.telegram.press(who, said, label)
    await stage.settle(5)
    return str((pressed.answer or {}).get("text", ""))


async def six(stage: Stage) -> tuple[Chat, User, list[User]]:
    """Six in the next round, Olga is their admin."""
    club, olga, people = await society(stage, "Ana", "Priya", "Kofi", "Jo", "Tom", "Mei")
    stage.telegram.start(olga, stage.bot)
    await join(stage, club, *people)
    return club, olga, people


def partners(stage: Stage, who: User, others: list[User]) -> set[str]:
    said = " ".join(met(stage, who))
    return {one["first_name"] for one in others if f"(@{one['username']})" in said and one is not who}


async def test_a_pair_is_kept_apart_by_two_taps_and_two_names_and_freed_again(stage: Stage) -> None:
    club, olga, people = await six(stage)
    ana, priya = people[:2]
    await post(stage, club, ana, NEED)

    stage.telegram.say(olga, club, "/pairs never @ana @priya")
    await stage.settle()
    in_group = stage.said_in(club)[-1]
    token = in_group["reply_markup"]["inline_keyboard"][0][0]["url"].partition("start=")[2]
    assert in_group["text"] == "That's for admins alone. Tap below and we go on in private."
    assert await rows(stage, select(PairRule)) == []

    stage.telegram.start(olga, stage.bot, token)
    await stage.settle()
    await press(stage, olga, "➕ Never introduce two")
    unknown = await write(stage, olga, "@ana, Prya")
    said, page = await write(stage, olga, "@ana, Priya")
    await post(stage, club, priya, OFFER)
    await match(stage)
    await next_round(stage)

    assert unknown == ["I don't know a member called “Prya” here. Their @username is surest."]
    assert said == "Ana and Priya: I won't introduce them."
    assert page.splitlines()[-1] == "1. Ana and Priya"
    assert matches_of(stage, ana) == matches_of(stage, priya) == []
    assert partners(stage, ana, people)
    assert "Priya" not in partners(stage, ana, people)

    assert await press(stage, olga, "✖️ Ana · Priya") == "Taken back."
    assert await rows(stage, select(PairRule)) == []
    assert "Never introduced" not in stage.said_to(olga)[-1]


async def test_two_meet_in_the_next_round_and_the_wish_is_over_with_it(stage: Stage) -> None:
    _, olga, people = await six(stage)
    ana, mei = people[0], people[5]

    said, page = await write(stage, olga, "/pairs must Ana, Mei")
    [taken] = await write(stage, olga, "/pairs must Ana, Jo")
    await next_round(stage)
    [after] = await write(stage, olga, "/pairs")

    assert said == "Ana and Mei: together in the next round, if both are in it and nothing else speaks against it."
    assert page.splitlines()[-2:] == ["Together in the next round", "1. Ana and Mei"]
    assert taken == "Ana is to meet somebody else in the next round already. Take that back first."
    assert (partners(stage, ana, people), partners(stage, mei, people)) == ({"Mei"}, {"Ana"})
    assert "Together in the next round" not in after


async def test_members_neither_decide_nor_see_and_no_file_of_theirs_says_it(stage: Stage) -> None:
    club, olga, people = await six(stage)
    ana, priya = people[:2]
    await write(stage, olga, "/pairs never @ana @priya")

    [refused] = await write(stage, ana, "/pairs never @priya @jo")
    stage.telegram.say(ana, club, "/pairs")
    await stage.settle()
    [rule] = await rows(stage, select(PairRule))
    shown = stage.read_by(ana)[-1]
    forged = [await press_forged(stage, ana, shown, PairButton(action, rule.id).pack()) for action in PairAction]

    assert refused == "You're not an admin of a community I'm in."
    assert stage.said_in(club)[-1]["text"] == "Only admins of this group can do that."
    assert [one["text"] for one in forged] == [
        "Only admins of this group can do that.",
        "Only admins of this group can do that.",
        "This button no longer works. /help shows what does.",
    ]
    assert len(await rows(stage, select(PairRule))) == 1
    stage.telegram.say(ana, stage.telegram.private(ana, stage.bot), "/mydata")
    await stage.settle(5)
    assert not any("pair_rule" in str(one) for one in stage.read_by(ana))

    await stage.forgetme(priya)
    assert await rows(stage, select(PairRule)) == []


async def test_it_is_said_in_the_admins_language(stage: Stage) -> None:
    _, olga, _ = await six(stage)
    await write(stage, olga, "/language")
    await press(stage, olga, "简体中文")

    said, page = await write(stage, olga, "/pairs never @ana 和 @priya")

    assert said == "好的，我不会介绍 Ana 和 Priya 认识。"
    assert page.splitlines()[-2:] == ["永远不介绍", "1. Ana 和 Priya"]


async def test_who_looks_after_two_communities_presses_the_button_of_the_one_they_mean(stage: Stage) -> None:
    _, olga, _ = await six(stage)
    other = stage.telegram.add_chat("Hardware", kind="supergroup", owner=olga)
    stage.telegram.add_to_chat(other, stage.bot, by=olga)
    stage.telegram.promote(other, stage.bot, by=olga)
    stage.telegram.say(olga, other, "hello")
    await stage.settle(5)

    said = await write(stage, olga, "/pairs never @ana @priya")

    assert said[0] == "You look after several communities. Press the button below the one you mean."
    assert [one.splitlines()[0] for one in said[1:]] == ["🤝 Pairs in Founders", "🤝 Pairs in Hardware"]
    assert await rows(stage, select(PairRule)) == []
