"""/intro: who knows this? In private, without names, until both said yes; and a week later, whether they met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.callbacks import HelpedButton
from bot.playground.server.snapshots import Chat, User
from jobs import ask_after_introductions
from models.domain.digests import feedback
from models.tables.introduction import IntroductionSide
from models.tables.listing import Listing
from models.tables.member import Member, MuteKind
from tests.journeys.test_events import buttons, rows
from tests.journeys.test_hostile_input import press_forged
from tests.journeys.test_people_to_meet import agree, found, press
from tests.journeys.test_proposals import gather
from tests.stage import Stage

HOUR = timedelta(hours=1)
QUESTION = "/intro who knows EU medical-device approval?"


async def talk(stage: Stage, club: Chat, asker: User, helper: User) -> None:
    question = stage.telegram.say(asker, club, "How long does approval of a medical device take?")
    stage.telegram.say(helper, club, "ours took fourteen months with the notified body", reply_to=question)
    question = stage.telegram.say(asker, club, "医疗器械注册要多久？")
    stage.telegram.say(helper, club, "十一个月，临床豁免的话更快", reply_to=question)
    await stage.settle()


async def ask(stage: Stage, person: User, words: str) -> None:
    stage.telegram.say(person, stage.telegram.private(person, stage.bot), words)
    await stage.settle()


async def next_hour(stage: Stage) -> None:
    """By day: the door keeps everybody's night."""
    await stage.clock.advance_to((stage.clock.now() + HOUR).replace(minute=1))
    await stage.settle()


async def introduced(stage: Stage) -> tuple[Chat, User, User]:
    club, [mia, priya, jo] = await gather(stage, "Mia", "Priya", "Jo")
    await talk(stage, club, jo, priya)
    await ask(stage, mia, QUESTION)
    await press(stage, mia, "Ask 1")
    await next_hour(stage)
    await press(stage, priya, "✅ Yes")
    return club, mia, priya


async def test_from_a_question_to_an_introduction(stage: Stage) -> None:
    club, [mia, priya, jo] = await gather(stage, "Mia", "Priya", "Jo")
    await talk(stage, club, jo, priya)

    await ask(stage, mia, QUESTION)
    answer = stage.read_by(mia)[-1]
    said = await press(stage, mia, "Ask 1")
    redrawn = stage.read_by(mia)[-1]
    before = found(stage, priya, "Somebody here")
    await next_hour(stage)
    [question] = found(stage, priya, "Somebody here")
    await press(stage, priya, "✅ Yes")

    assert "1. answered a question about “medical-device approval” in the last month" in answer.text
    assert "Priya" not in answer.text
    assert buttons(answer) == ["Ask 1", "🙏 Post it as a need"]
    assert said == "I'll ask. You hear from me if it's a yes."
    assert buttons(redrawn) == ["🙏 Post it as a need"]
    assert "· asked" in redrawn.text
    assert before == []
    assert "Somebody here is looking for a person who knows about “medical-device approval”." in question.text
    assert "You answered a question on it." in question.text
    assert "Mia" not in question.text
    assert "EU" not in question.text
    [for_mia], [for_priya] = [found(stage, one, ", meet ") for one in (mia, priya)]
    assert for_mia.text.startswith("🤝 Mia, meet Priya (@priya).\nPriya answered a question about")
    assert "What was asked: “who knows EU medical-device approval?”" in for_priya.text
    assert "Mia is looking for a person who knows about" in for_priya.text
    assert buttons(for_priya) == ["✍️ Write to Mia"]


async def test_in_chinese(stage: Stage) -> None:
    club, [mia, priya, jo] = await gather(stage, "Mia", "Priya", "Jo")
    await talk(stage, club, jo, priya)
    for person in (mia, priya):
        await ask(stage, person, "/language")
        await press(stage, person, "简体中文")

    await ask(stage, mia, "/intro 誰懂醫療器械註冊？")
    answer = stage.read_by(mia)[-1]
    said = await press(stage, mia, "问 1")
    await next_hour(stage)
    [question] = found(stage, priya, "在找懂")
    await press(stage, priya, "✅ 好啊")

    assert "1. 最近一个月回答过一个关于“醫療器械註冊”的问题" in answer.text
    assert said == "我去问。对方同意的话，我会告诉你。"
    assert "这里有一位成员在找懂“醫療器械註冊”的人。" in question.text
    assert "Mia 在找懂“醫療器械註冊”的人。" in stage.said_to(priya)[-1]
    assert "当时问的是：“誰懂醫療器械註冊？”" in stage.said_to(mia)[-1]


async def test_after_a_no_the_asker_reads_what_they_read_after_silence(stage: Stage) -> None:
    club, [mia, priya, jo] = await gather(stage, "Mia", "Priya", "Jo")
    await talk(stage, club, jo, priya)
    await ask(stage, mia, QUESTION)
    await press(stage, mia, "Ask 1")
    await next_hour(stage)
    before, in_group = stage.said_to(mia), len(stage.said_in(club))

    await press(stage, priya, "Not this person")
    await stage.pass_time(timedelta(days=1))
    after = stage.said_to(mia)
    await ask(stage, mia, QUESTION)

    assert after == before
    assert len(stage.said_in(club)) == in_group
    # Who was asked is not shown again, whatever they answered.
    assert "I know of nobody here who has said anything on that." in stage.said_to(mia)[-1]


async def test_nobody_is_known_and_the_need_is_one_tap_away(stage: Stage) -> None:
    _, [mia] = await gather(stage, "Mia")

    await ask(stage, mia, "/intro who knows a good bookkeeper?")
    answer = stage.said_to(mia)[-1]
    await press(stage, mia, "🙏 Post it as a need")
    preview = stage.said_to(mia)[-1]
    await press(stage, mia, "📣 Post")

    assert "I know of nobody here" in answer
    assert "🙏 a good bookkeeper" in preview
    async with stage.database.reading() as session:
        assert [one.text for one in await session.scalars(select(Listing))] == ["a good bookkeeper"]


async def test_what_is_openly_on_offer_is_shown_openly(stage: Stage) -> None:
    club, [mia, priya] = await gather(stage, "Mia", "Priya")
    stage.telegram.say(priya, club, "/offer an hour on medical device approval")
    await stage.settle()

    await ask(stage, mia, QUESTION)
    answer = stage.read_by(mia)[-1]
    await press(stage, mia, buttons(answer)[0])

    assert "On offer\n🎁 an hour on medical device approval · Priya" in answer.text
    assert "Mia is interested" in stage.said_to(priya)[-1]


async def test_without_a_yes_to_introductions_one_is_asked_for_it_first(stage: Stage) -> None:
    club, [mia, priya, jo] = await gather(stage, "Mia", "Priya", "Jo")
    await talk(stage, club, jo, priya)
    await agree(stage, mia, "introduce", is_given=False)
    await ask(stage, mia, QUESTION)

    await press(stage, mia, "Ask 1")
    needs = stage.said_to(mia)[-1]
    await press(stage, mia, "✅ Yes, introduce me")
    await next_hour(stage)
    await press(stage, priya, "✅ Yes")

    assert "For that I need your yes to introductions." in needs
    assert len(found(stage, mia, "Mia, meet Priya")) == 1


async def test_in_a_group_nobody_learns_what_was_asked(stage: Stage) -> None:
    club, [mia] = await gather(stage, "Mia")

    stage.telegram.say(mia, club, QUESTION)
    await stage.settle()

    answer = stage.said_in(club)[-1]
    assert "medical" not in answer.text
    assert buttons(answer) == ["Open our chat"]


async def test_without_words_it_says_how(stage: Stage) -> None:
    _, [mia] = await gather(stage, "Mia")

    await ask(stage, mia, "/intro")
    how = stage.said_to(mia)[-1]
    await ask(stage, mia, f"/intro {'who knows ' * 40}")

    assert "/intro who knows EU medical-device approval?" in how
    assert "Please say it in 300 characters" in stage.said_to(mia)[-1]


async def a_week_later(stage: Stage) -> str:
    await stage.clock.advance_to((stage.clock.now() + timedelta(days=7, hours=20)).replace(hour=10))
    outcome = await ask_after_introductions.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    return outcome


async def test_did_you_meet_is_asked_once_and_a_sentence_stays_with_its_writer(stage: Stage) -> None:
    _, mia, priya = await introduced(stage)

    outcome = await a_week_later(stage)
    again = await ask_after_introductions.run(stage.host.services, now=stage.clock.now())
    question = stage.read_by(mia)[-1]
    await press(stage, mia, "✅ Yes")
    asked_for = stage.said_to(mia)[-1]
    await ask(stage, mia, "She saved us months.")
    await press(stage, priya, "Won't happen")

    assert (outcome, again) == ("2 members asked", "0 members asked")
    assert question.text == "🤝 Did you and Priya meet?"
    assert buttons(question) == ["✅ Yes", "Not yet", "Won't happen"]
    assert asked_for == "Glad to hear. A sentence on how it went? Just write it; it stays between us."
    assert stage.said_to(mia)[-1] == "Thank you, noted."
    assert stage.said_to(priya)[-1] == "OK."
    assert not any("months." in one for one in stage.said_to(priya))
    async with stage.database.reading() as session:
        sides = list(await session.scalars(select(IntroductionSide).order_by(IntroductionSide.id)))
    assert [(one.outcome, one.sentence) for one in sides] == [("met", "She saved us months."), ("wont", None)]
    assert await a_week_later(stage) == "0 members asked"


@pytest.mark.parametrize("how", ["left", "left out"])
async def test_nobody_is_asked_in_the_morning_about_somebody_who_is_gone_by_then(stage: Stage, how: str) -> None:
    """The control is Priya, who is asked about Mia."""
    club, mia, priya = await introduced(stage)
    ids = {one.telegram_id: one.id for one in await rows(stage, select(Member))}
    await stage.clock.advance_to((stage.clock.now() + timedelta(days=8)).replace(hour=3))
    await ask_after_introductions.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    if how == "left":
        stage.telegram.leave(club, priya)
    else:
        async with stage.database.transaction() as session:
            await feedback.mute(session, ids[mia.id], MuteKind.PERSON, str(ids[priya.id]), now=stage.clock.now())
    await stage.settle()
    await stage.pass_time(timedelta(hours=9))

    assert [any("meet?" in one for one in stage.said_to(who)) for who in (mia, priya)] == [False, True]


async def test_who_met_may_say_that_it_helped_and_only_once_they_met(stage: Stage) -> None:
    _, mia, priya = await introduced(stage)
    await a_week_later(stage)
    early = await press_forged(stage, priya, stage.read_by(priya)[-1], HelpedButton(1).pack())
    await press(stage, mia, "✅ Yes")
    await press(stage, mia, "🙌 It helped")
    asked_for = stage.said_to(mia)[-1]
    await ask(stage, mia, "She saved us months.")

    assert early["text"] == "This one is closed."
    assert asked_for == "🙌 Good to hear. A sentence on how? Just write it; it stays between us."
    async with stage.database.reading() as session:
        sides = list(await session.scalars(select(IntroductionSide).order_by(IntroductionSide.id)))
    assert [(one.helped_at is not None, one.sentence) for one in sides] == [
        (True, "She saved us months."),
        (False, None),
    ]
    assert not any("helped" in one for one in stage.said_to(priya))


async def test_after_not_yet_one_is_asked_once_more_and_never_again(stage: Stage) -> None:
    _, mia, priya = await introduced(stage)
    await a_week_later(stage)
    await press(stage, mia, "Not yet")
    first_answer = stage.said_to(mia)[-1]

    second = await a_week_later(stage)
    await press(stage, mia, "Not yet")
    third = await a_week_later(stage)

    assert first_answer == "OK. I'll ask once more in a week."
    assert stage.said_to(mia)[-1] == "OK."
    assert (second, third) == ("1 members asked", "0 members asked")
    assert len(found(stage, priya, "Did you and Mia meet?")) == 1
