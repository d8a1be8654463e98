"""An introduction is proposed to its sides: what each reads, what their answers do, and what nobody ever learns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.notices import introduction_posts
from bot.playground.server.snapshots import Chat, Message, User
from models.domain.introductions import introductions
from models.tables.consent import Purpose
from models.tables.introduction import IntroductionKind
from models.tables.member import Member
from tests.journeys.test_events import buttons, make_known
from tests.journeys.test_people_to_meet import agree, found, press
from tests.stage import Stage

WHY = {"key": "they_answered", "values": {"topic": {"field": "legal"}, "n": 3, "lately": "month"}, "about": []}


async def gather(stage: Stage, *names: str) -> tuple[Chat, list[User]]:
    """People of a group who opened the private chat and agreed to everything."""
    club, olga, people = stage.club(*names)
    for person in people:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    for person in people:
        await agree(stage, person, *Purpose)
    return club, people


async def propose(stage: Stage, *people: User) -> None:
    """As a round does: to all at once."""
    now = stage.clock.now()
    async with stage.database.transaction() as session:
        ids = [(await session.scalars(select(Member.id).where(Member.telegram_id == one.id))).one() for one in people]
        where: dict[str, Any] = {"kind": IntroductionKind.ROUND, "reasons": [WHY], "now": now}
        introduction = await introductions.propose(session, 1, ids, **where)
        n = await introduction_posts.propose(stage.host.services, session, introduction, now=now)
    assert n == len(people)
    await stage.settle()


def asked(stage: Stage, person: User) -> Message:
    return next(one for one in reversed(stage.read_by(person)) if "✅ Yes" in buttons(one))


async def test_two_yeses_pass_both_names_and_the_way_to_write(stage: Stage) -> None:
    _, [mia, jo] = await gather(stage, "Mia", "Jo")
    await propose(stage, mia, jo)
    questions = [asked(stage, one) for one in (mia, jo)]

    await press(stage, mia, "✅ Yes")
    after_one = stage.said_to(jo)[-1]
    await press(stage, jo, "✅ Yes")

    for question in questions:
        assert "Somebody here answered several questions about legal matters" in question.text
        assert not any(name in question.text for name in ("Mia", "Jo", "mia", "jo"))
        assert {"Not now", "Not this person", "Never for this", "❓ Why?", "⛔ Stop these"} <= set(buttons(question))
    assert "Shall I introduce you?" in after_one
    [for_mia], [for_jo] = [found(stage, one, "🤝") for one in (mia, jo)]
    assert for_mia.text.startswith("🤝 Mia, meet Jo (@jo).\nJo answered several questions about legal matters")
    assert "A first question:" in for_mia.text
    assert for_jo.text.startswith("🤝 Jo, meet Mia (@mia).")
    assert buttons(for_mia) == ["✍️ Write to Jo"]


@pytest.mark.parametrize("no", ["Not now", "Not this person", "Never for this"])
async def test_after_a_no_nobody_hears_anything_and_a_yes_reads_as_ever(stage: Stage, no: str) -> None:
    club, [mia, jo] = await gather(stage, "Mia", "Jo")
    await propose(stage, mia, jo)
    in_group = len(stage.said_in(club))

    await press(stage, jo, no)
    before = stage.said_to(mia)
    await press(stage, mia, "✅ Yes")
    after_yes = [one for one in stage.said_to(mia) if one not in before]
    await stage.pass_time(timedelta(days=15))

    assert stage.read_by(jo)[-1].text == "OK."
    assert after_yes == ["Noted. If everybody says yes, I'll write to you all."]
    assert len(stage.said_in(club)) == in_group


async def test_a_trio_hears_of_each_other_once_all_said_yes(stage: Stage) -> None:
    _, [mia, jo, wei] = await gather(stage, "Mia", "Jo", "Wei")
    await propose(stage, mia, jo, wei)

    for one in (mia, jo):
        await press(stage, one, "✅ Yes")
    before = [found(stage, one, "meet") for one in (mia, jo, wei)]
    await press(stage, wei, "✅ Yes")

    assert before == [[], [], []]
    assert "Mia, meet Jo (@jo) and Wei (@wei)." in stage.said_to(mia)[-1]
    assert buttons(stage.read_by(wei)[-1]) == ["✍️ Write to Mia", "✍️ Write to Jo"]


async def test_in_chinese(stage: Stage) -> None:
    _, [mia, wei] = await gather(stage, "Mia", "Wei")
    stage.telegram.say(wei, stage.telegram.private(wei, stage.bot), "/language")
    await stage.settle()
    await press(stage, wei, "简体中文")
    await propose(stage, mia, wei)

    question = stage.read_by(wei)[-1]
    await press(stage, mia, "✅ Yes")
    await press(stage, wei, "✅ 好啊")

    assert "这里有一位成员回答过好几个关于法律" in question.text
    assert buttons(question)[:4] == ["✅ 好啊", "这次先不了", "不要这个人", "这类别再问我"]
    assert stage.said_to(wei)[-1].startswith("🤝 Wei，认识一下 Mia (@mia)。")


async def test_what_waits_for_somebody_who_took_consent_back_never_leaves(stage: Stage) -> None:
    _, [mia, jo] = await gather(stage, "Mia", "Jo")
    await agree(stage, jo, "introduce", is_given=False)

    await propose(stage, mia, jo)

    assert found(stage, mia, "Shall I introduce you?") == []
    assert found(stage, jo, "Shall I introduce you?") == []
