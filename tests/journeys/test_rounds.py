"""Rounds: joining by one tap, whom one meets and why, odd numbers, who is left out, pauses, silence and blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.playground.server.snapshots import Chat, Message, User
from jobs import ask_after_introductions, make_rounds
from models.domain.digests import feedback
from models.domain.members import pair_rules
from models.tables.introduction import Introduction, IntroductionSide, Outcome
from models.tables.introduction_round import Round, RoundPlace
from models.tables.member import Member, Mute, MuteKind
from models.tables.pair_rule import Decision
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_hostile_input import press_forged
from tests.journeys.test_listings import post
from tests.stage import Stage

JOIN, MET = "🙋 Join", "✅ We met"


async def society(stage: Stage, *names: str) -> tuple[Chat, User, list[User]]:
    """A group with weekly rounds, all of whose members opened our chat."""
    club, olga, people = stage.club(*names)
    for person in people:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    stage.telegram.say(olga, club, "/round weekly")
    await stage.settle()
    return club, olga, people


def card(stage: Stage, club: Chat) -> Message:
    return next(said for said in reversed(stage.said_in(club)) if "☕" in said.text)


async def join(stage: Stage, club: Chat, *people: User) -> None:
    for person in people:
        stage.telegram.press(person, card(stage, club), JOIN)
        await stage.settle()


async def next_round(stage: Stage) -> None:
    """Until the next Monday at ten, and the round made."""
    now = stage.clock.now()
    days = (7 - now.weekday()) % 7
    monday = datetime(now.year, now.month, now.day, 10, 5, tzinfo=UTC) + timedelta(days=days)
    await stage.clock.advance((monday if monday > now else monday + timedelta(days=7)) - now)
    await make_rounds.run(stage.host.services, now=stage.clock.now())
    await stage.settle(5)


def met(stage: Stage, person: User) -> list[str]:
    """What the person was told of rounds, oldest first."""
    return [text for text in stage.said_to(person) if text.startswith("☕")]


async def test_everybody_who_joined_meets_one_with_a_reason_and_a_first_question(stage: Stage) -> None:
    club, _, [ana, priya, kofi, jo] = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    await post(stage, club, ana, "/need help with EU medical-device approval")
    await post(stage, club, priya, "/offer medical device approvals, I did three of them")
    await join(stage, club, ana, priya, kofi, jo)

    await next_round(stage)

    [to_ana], [to_priya] = met(stage, ana), met(stage, priya)
    assert to_ana.splitlines() == [
        "☕ This round in Founders: you meet",
        "",
        "Priya (@priya)",
        "You need “help with EU medical-device approval”; Priya offers “medical device approvals, I did three of them”.",
        "A first question: what would be done if you had half an hour together?",
    ]
    assert "Ana needs “help with EU medical-device approval”; you offer" in to_priya
    assert "Jo (@jo)" in met(stage, kofi)[0]
    assert "I haven't introduced you before." in met(stage, jo)[0]


async def test_rounds_that_begin_on_a_tuesday_make_none_of_the_day_before(stage: Stage) -> None:
    days = (1 - stage.clock.now().weekday()) % 7
    await stage.clock.advance(timedelta(days=days))
    club, _, people = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    await join(stage, club, *people)

    await make_rounds.run(stage.host.services, now=stage.clock.now())
    await stage.settle(5)
    told_at_once = [met(stage, person) for person in people]
    await next_round(stage)

    assert told_at_once == [[], [], [], []]
    assert "then every Monday" in card(stage, club).text
    assert [len(met(stage, person)) for person in people] == [1, 1, 1, 1]


async def test_the_card_says_what_joining_means_and_one_without_our_chat_joins_there(stage: Stage) -> None:
    club, olga, [ana] = stage.club("Ana")
    await make_known(stage, club, ana)
    stage.telegram.say(olga, club, "/round weekly")
    await stage.settle()

    shown = card(stage, club)
    press = stage.telegram.press(ana, shown, JOIN)
    await stage.settle()
    assert press.answer is not None
    stage.telegram.start(ana, stage.bot, press.answer["url"].partition("start=")[2])
    await stage.settle()

    assert "Joining is your yes to introductions" in shown.text
    assert "✅ You're in." in stage.said_to(ana)[-1]
    assert len(await rows(stage, select(RoundPlace))) == 1


async def test_an_odd_member_makes_three(stage: Stage) -> None:
    club, _, people = await society(stage, "Ana", "Priya", "Kofi")
    await join(stage, club, *people)

    await next_round(stage)

    for person in people:
        [said] = met(stage, person)
        assert said.startswith("☕ This round in Founders: the three of you meet, so that nobody is left out")
        assert said.count("(@") == 2


async def test_nobody_meets_the_same_member_again_and_who_is_left_hears_of_it(stage: Stage) -> None:
    club, _, people = await society(stage, "Ana", "Priya", "Kofi")
    await join(stage, club, *people)
    await next_round(stage)

    await next_round(stage)

    assert [met(stage, person)[1] for person in people] == [
        "☕ This round in Founders has nobody new for you. You come first in the next one."
    ] * 3
    places = await rows(stage, select(RoundPlace))
    assert all(place.left_out_at is not None for place in places)
    [first, second] = await rows(stage, select(Round).order_by(Round.due_at))
    assert (first.n_people, first.n_introduced, second.n_people, second.n_introduced) == (3, 3, 3, 0)


async def test_after_twelve_rounds_those_who_know_all_meet_again(stage: Stage) -> None:
    club, _, people = await society(stage, "Ana", "Priya", "Kofi")
    await join(stage, club, *people)
    await next_round(stage)
    await stage.clock.advance(timedelta(weeks=10))

    await next_round(stage)
    await next_round(stage)

    for person in people:
        _, left, again = met(stage, person)
        assert left.startswith("☕ This round in Founders has nobody new for you")
        assert again.count("I introduced you two before.\nA first question: what has happened since?") == 2


async def test_who_pauses_leaves_or_takes_the_yes_back_is_in_no_round(stage: Stage) -> None:
    club, _, [ana, priya, kofi, jo, tom, mei] = await society(stage, "Ana", "Priya", "Kofi", "Jo", "Tom", "Mei")
    await join(stage, club, ana, priya, kofi, jo, tom, mei)
    stage.telegram.say(kofi, stage.telegram.private(kofi, stage.bot), "/round")
    await stage.settle()
    stage.telegram.press(kofi, stage.read_by(kofi)[-1], "🚪 Leave")
    stage.telegram.say(jo, stage.telegram.private(jo, stage.bot), "/stop")
    await stage.settle()
    async with stage.database.transaction() as session:
        until = stage.clock.now() + timedelta(days=30)
        await session.execute(update(Member).where(Member.telegram_id == tom.id).values(paused_until=until))

    await next_round(stage)

    assert [bool(met(stage, one)) for one in (ana, priya, mei)] == [True] * 3
    assert not any("This round" in text for one in (jo, tom, kofi) for text in met(stage, one))


async def test_one_who_left_another_out_never_meets_them(stage: Stage) -> None:
    club, _, [ana, priya, kofi, jo] = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    await post(stage, club, ana, "/need pricing advice")
    await post(stage, club, priya, "/offer pricing advice")
    await join(stage, club, ana, priya, kofi, jo)
    [priya_id] = await rows(stage, select(Member.id).where(Member.telegram_id == priya.id))
    [ana_id] = await rows(stage, select(Member.id).where(Member.telegram_id == ana.id))
    async with stage.database.transaction() as session:
        session.add(Mute(member_id=priya_id, kind=MuteKind.PERSON, target=str(ana_id), created_at=stage.clock.now()))

    await next_round(stage)

    assert not any("Priya" in text for text in met(stage, ana))
    assert not any("Ana" in text for text in met(stage, priya))
    assert len(met(stage, ana)) == len(met(stage, priya)) == 1


async def test_three_silent_rounds_and_one_rests_until_a_tap(stage: Stage) -> None:
    names = ("Ana", "Priya", "Kofi", "Jo", "Tom", "Mei", "Sam", "Lena")
    club, _, people = await society(stage, *names)
    await join(stage, club, *people)
    for _ in range(3):
        await next_round(stage)
        # All but Ana say that they met.
        for person in people[1:]:
            last = [said for said in stage.read_by(person) if MET in buttons(said)]
            stage.telegram.press(person, last[-1], MET)
        await stage.settle()

    # Of the third round she is asked within the week after it: only then silence counts.
    await next_round(stage)
    await next_round(stage)
    rest = met(stage, people[0])[-1]
    stage.telegram.press(people[0], stage.read_by(people[0])[-1], JOIN)
    await stage.settle()

    assert rest.startswith("☕ Three rounds in Founders went by without a sign from you")
    assert not any("Three rounds" in text for person in people[1:] for text in met(stage, person))
    assert "✅ You're in." in stage.read_by(people[0])[-1].text
    outcomes = await rows(stage, select(IntroductionSide.outcome))
    assert outcomes.count(Outcome.MET) == 3 * 7


@pytest.mark.parametrize("how", ["left", "no to introductions", "left out by the other"])
async def test_a_name_that_waits_for_the_morning_stays_away_when_it_may_not_be_told_any_more(
    stage: Stage, how: str
) -> None:
    """Neither is told, neither is asked later how it went, and nobody counts as silent."""
    club, _, [ana, priya, kofi] = await society(stage, "Ana", "Priya", "Kofi")
    await join(stage, club, ana, priya, kofi)
    async with stage.database.transaction() as session:
        # It is night where they are when the round is made; Kofi met both of them before.
        await session.execute(update(Member).values(time_zone="America/Los_Angeles"))
        ids = {row.telegram_id: row.id for row in await session.execute(select(Member.id, Member.telegram_id))}
        for one in (ana, priya):
            await pair_rules.decide(
                session,
                1,
                [await session.get_one(Member, ids[one.id]), await session.get_one(Member, ids[kofi.id])],
                Decision.NEVER,
                now=stage.clock.now(),
            )
    await next_round(stage)
    at_night = [met(stage, one) for one in (ana, priya)]
    if how == "left":
        stage.telegram.leave(club, priya)
    elif how == "no to introductions":
        stage.telegram.say(priya, stage.telegram.private(priya, stage.bot), "/stop")
    else:
        async with stage.database.transaction() as session:
            await feedback.mute(session, ids[priya.id], MuteKind.PERSON, str(ids[ana.id]), now=stage.clock.now())
    await stage.settle()
    await stage.pass_time(timedelta(hours=12))
    in_the_morning = [met(stage, one) for one in (ana, priya)]
    for _ in range(2):
        await make_rounds.run(stage.host.services, now=stage.clock.now())
        await stage.settle()
    after = [met(stage, one) for one in (ana, priya)]
    [n_introduced] = await rows(stage, select(func.count(Introduction.id)))
    await stage.clock.advance(timedelta(days=8))
    await ask_after_introductions.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    for _ in range(2):
        await next_round(stage)

    assert at_night == in_the_morning == [[], []]
    # Who is still in hears what anybody hears for whom nobody is there, once; it never came about.
    nobody = ["☕ This round in Founders has nobody new for you. You come first in the next one."]
    assert after == [nobody, nobody if how == "left out by the other" else []]
    assert n_introduced == 0
    assert not any("Priya" in text for text in stage.said_to(ana))
    assert not any("Ana" in text for text in stage.said_to(priya)[1:])
    assert {place.n_silent for place in await rows(stage, select(RoundPlace))} == {0}


async def test_a_round_that_ran_twice_introduces_once(stage: Stage) -> None:
    club, _, people = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    await join(stage, club, *people)
    await next_round(stage)

    await make_rounds.run(stage.host.services, now=stage.clock.now() + timedelta(minutes=20))
    await stage.settle()

    assert [len(met(stage, person)) for person in people] == [1] * 4


async def test_admins_set_the_rhythm_and_see_counts_alone(stage: Stage) -> None:
    club, olga, people = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    stage.telegram.say(people[0], club, "/round preview")
    stage.telegram.say(olga, club, "/round preview")
    await stage.settle()
    few = stage.said_in(club)[-1].text
    await join(stage, club, *people)
    stage.telegram.say(olga, club, "/round preview")
    await stage.settle()
    counts = stage.said_in(club)[-1].text
    stage.telegram.press(olga, card(stage, club), "Off")
    await stage.settle()
    await next_round(stage)

    assert "Only admins of this group can do that." in [said.text for said in stage.said_in(club)]
    assert few == "The next round is on Mon 2 Mar, 10:00 (UTC). It needs 3 people, and there are fewer so far."
    assert counts.splitlines() == [
        "The next round is on Mon 2 Mar, 10:00 (UTC): 4 people are in.",
        "At most 2 pairs; whoever is left joins one of them.",
    ]
    assert await rows(stage, select(Round)) == []


async def test_a_forged_press_changes_nothing(stage: Stage) -> None:
    club, _, [ana, priya, kofi, jo] = await society(stage, "Ana", "Priya", "Kofi", "Jo")
    await join(stage, club, ana, priya, kofi)
    await next_round(stage)

    met_answer = await press_forged(stage, jo, stage.read_by(jo)[-1], "1:round:met:1")
    off_answer = await press_forged(stage, jo, card(stage, club), "1:round:off:1")

    assert "no longer works" in met_answer["text"]
    assert "Only admins" in off_answer["text"]
    assert set(await rows(stage, select(IntroductionSide.outcome))) == {None}
    assert "The next round" in card(stage, club).text
