"""One preview at a time: a better line takes the place of the one before, of its question, and of the line itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message
from models.tables.event import Event
from tests.journeys.test_events import LINE, buttons, card_in, edit, make_known, manage, publish, rows
from tests.stage import Stage

VAGUE = "/event Demo night, next week 19:00"


def previews_in(stage: Stage, chat: Chat) -> list[Message]:
    return [said for said in stage.said_in(chat) if "Preview" in said.text]


def questions_in(stage: Stage, chat: Chat) -> list[Message]:
    return [said for said in stage.said_in(chat) if "I can't tell the day" in said.text]


def lines_in(stage: Stage, chat: Chat) -> list[str]:
    return [said.text for said in stage.telegram.messages(chat) if said.get("text", "").startswith("/event")]


async def titles(stage: Stage) -> list[str]:
    return await rows(stage, select(Event.title).order_by(Event.id))


@pytest.mark.parametrize(
    "better",
    [
        "/event Demo night, Fri 20:00",  # another time
        "/event Demo nihgt, Fri 18:30 @ Bakery",  # a slip of the hand, another place
        "/event Demo evening, Fri 19:00",  # the same time, a better name
    ],
)
async def test_a_line_written_again_leaves_one_preview_and_one_draft(stage: Stage, better: str) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()

    stage.telegram.say(olga, club, better)
    await stage.settle()

    [preview] = previews_in(stage, club)
    [title] = await titles(stage)
    assert title in better
    assert title in preview.text
    assert preview["reply_to_message"]["text"] == better


async def test_wrong_lines_leave_one_question_and_the_right_one_none(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    for line in (VAGUE, "/event Demo night, next week 20:00"):
        stage.telegram.say(olga, club, line)
        await stage.settle()
    n_questions = len(questions_in(stage, club))

    stage.telegram.say(olga, club, LINE)
    await stage.settle()

    assert n_questions == 1
    assert questions_in(stage, club) == []
    assert len(previews_in(stage, club)) == 1


async def test_the_hosts_own_wrong_lines_go_where_an_admin_allows_it(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.say(olga, club, VAGUE)
    await stage.settle()
    stage.telegram.say(mia, club, "/event alone is no line of Olga's")
    stage.telegram.say(olga, club, LINE)
    await stage.settle()

    assert lines_in(stage, club) == ["/event alone is no line of Olga's", LINE]


async def test_without_the_right_to_delete_the_line_stays_and_the_question_goes(stage: Stage) -> None:
    club, olga, _ = stage.club()
    stage.telegram.demote(club, stage.bot, by=olga)
    await make_known(stage, club, olga)
    for line in (VAGUE, LINE):
        stage.telegram.say(olga, club, line)
        await stage.settle()

    assert lines_in(stage, club) == [VAGUE, LINE]
    assert questions_in(stage, club) == []


async def test_a_question_does_not_cost_the_preview_that_stands(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    for line in (LINE, VAGUE):
        stage.telegram.say(olga, club, line)
        await stage.settle()
    both = len(previews_in(stage, club)), len(questions_in(stage, club))

    stage.telegram.press(olga, questions_in(stage, club)[0], "Mon 9 Mar")
    await stage.settle()

    assert both == (1, 1)
    [preview] = previews_in(stage, club)
    assert "Mon 9 Mar 2026, 19:00" in preview.text
    assert questions_in(stage, club) == []


async def test_another_event_puts_the_first_aside_where_it_can_still_be_published(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    for line in (LINE, "/event Breakfast, Sat 8:30"):
        stage.telegram.say(olga, club, line)
        await stage.settle()
    [preview] = previews_in(stage, club)
    aside = next(said for said in stage.said_in(club) if "put aside" in said.text)

    for message in (aside, preview):
        stage.telegram.press(olga, message, "📣 Publish")
        await stage.settle(8)

    assert "Breakfast" in preview.text
    assert aside.text.startswith("📝 Demo night, Fri 6 Mar, 19:00 – 21:30")
    assert buttons(aside) == ["📣 Publish", "🗑 Discard"]
    published = [said for said in stage.said_in(club) if "✅ Going" in buttons(said)]
    assert [card.text.splitlines()[0] for card in published] == ["Demo night", "Breakfast"]


async def test_hosts_do_not_take_each_others_previews(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.promote(club, mia, by=olga)
    await make_known(stage, club, olga, mia)

    for host in (olga, mia):
        stage.telegram.say(host, club, LINE)
        await stage.settle()

    assert len(previews_in(stage, club)) == 2
    assert len(await titles(stage)) == 2


async def test_a_line_that_is_edited_is_read_anew_until_it_is_published(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    line = stage.telegram.say(olga, club, VAGUE)
    await stage.settle()

    stage.telegram.edit(olga, line, "/event Demo night, Fri 20:00")
    await stage.settle()
    stage.telegram.edit(olga, line, "/event Demo night, Fri 21:00")
    await stage.settle()
    [preview] = previews_in(stage, club)
    stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle()
    stage.telegram.edit(olga, line, "/event Demo night, Fri 22:00")
    await stage.settle()

    assert questions_in(stage, club) == []
    assert "Fri 6 Mar 2026, 21:00" in preview.text
    assert "Fri 6 Mar 2026, 21:00" in card_in(stage, club).text
    assert "I don't follow edits" in stage.said_in(club)[-1].text


async def test_in_private_a_host_has_one_preview_too(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.start(olga, stage.bot)
    private = stage.telegram.private(olga, stage.bot)
    for line in (VAGUE, LINE, "/event Demo night, Fri 20:00"):
        stage.telegram.say(olga, private, line)
        await stage.settle()

    [preview] = previews_in(stage, private)
    assert "Fri 6 Mar 2026, 20:00" in preview.text
    assert questions_in(stage, private) == []
    # One's own chat is one's own: nothing that somebody wrote there goes.
    assert len(lines_in(stage, private)) == 3


async def test_a_draft_changed_or_published_in_private_leaves_no_stale_preview_in_the_group(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()
    wheel = stage.telegram.press(olga, previews_in(stage, club)[0], "✏️ Edit")
    await stage.settle()
    stage.telegram.start(olga, stage.bot, payload=(wheel.answer or {})["url"].partition("start=")[2])
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "Title")
    await stage.settle()
    stage.telegram.say(olga, stage.telegram.private(olga, stage.bot), "Show and tell")
    await stage.settle()
    [changed] = previews_in(stage, club)

    stage.telegram.press(olga, stage.read_by(olga)[-1], "📣 Publish")
    await stage.settle(8)

    assert "Show and tell" in changed.text
    assert previews_in(stage, club) == []
    assert "Show and tell" in card_in(stage, club).text


async def test_a_preview_too_old_to_be_deleted_is_closed(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()
    await stage.pass_time(timedelta(days=3))

    stage.telegram.say(olga, club, "/event Demo night, Fri 20:00")
    await stage.settle()

    assert len(previews_in(stage, club)) == 1
    [closed] = [said for said in stage.said_in(club) if said.text == "Replaced by a newer line."]
    assert buttons(closed) == []


async def test_an_anonymous_admin_who_answers_a_question_is_not_named(stage: Stage) -> None:
    club, olga, _ = stage.club()
    stage.telegram.be_anonymous(club, olga)
    stage.telegram.say(olga, club, "/settings UTC", sender_chat=club.id)
    stage.telegram.say(olga, club, VAGUE, sender_chat=club.id)
    await stage.settle()

    stage.telegram.press(olga, questions_in(stage, club)[0], "Mon 9 Mar")
    await stage.settle()
    stage.telegram.press(olga, previews_in(stage, club)[0], "📣 Publish")
    await stage.settle()

    assert "Olga" not in card_in(stage, club).text
    assert "✏️ Edit" in buttons(await manage(stage, club, olga))
    assert "Title" in buttons(await edit(stage, club, olga))


async def test_an_event_planned_again_for_two_dates_leaves_two_drafts(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    menu = await manage(stage, club, olga)

    private = stage.telegram.private(olga, stage.bot)
    for when in ("Fri 13 Mar 19:00", "Fri 20 Mar 19:00"):
        stage.telegram.press(olga, menu, "📑 Plan it again")
        await stage.settle()
        stage.telegram.say(olga, private, when)
        await stage.settle()

    [preview] = previews_in(stage, private)
    assert "20 Mar 2026" in preview.text
    assert any("Demo night, Fri 13 Mar" in said and "put aside" in said for said in stage.said_to(olga))
    assert await titles(stage) == ["Demo night"] * 3
