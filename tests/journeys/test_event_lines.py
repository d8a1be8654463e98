"""An event line that leaves something open, in the chat: the question, its buttons, the note under the preview."""

from __future__ import annotations

from bot.playground.server.snapshots import Chat, Message, User
from tests.stage import Stage


def labels(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def known(stage: Stage, *names: str) -> tuple[Chat, User, list[User]]:
    """A group where everybody has said something."""
    club, olga, others = stage.club(*names)
    for person in (olga, *others):
        stage.telegram.say(person, club, "hello")
    await stage.settle()
    return club, olga, others


async def asked(stage: Stage, club: Chat, olga: User, line: str) -> Message:
    """What the host says after a line of the group's owner."""
    stage.telegram.say(olga, club, f"/event {line}")
    await stage.settle()
    return stage.said_in(club)[-1]


async def test_an_open_day_is_chosen_by_a_button_under_the_line(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    question = await asked(stage, club, olga, "Demo next week 6pm @ Kranz")

    press = stage.telegram.press(olga, question, "Wed 11 Mar")
    await stage.settle()

    shown = stage.said_in(club)[-1]
    assert "I can't tell the day from “next week”" in question.text
    assert question["reply_to_message"]["text"] == "/event Demo next week 6pm @ Kranz"
    assert labels(question)[0].startswith("Mon 9 Mar")
    assert press.is_answered
    assert shown.id == question.id
    assert "Preview" in shown.text
    assert "Wed 11 Mar 2026, 18:00" in shown.text
    assert "next week" not in shown.text


async def test_an_open_hour_is_chosen_by_a_button_under_the_line(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    question = await asked(stage, club, olga, "Demo Friday evening @ Kranz")

    stage.telegram.press(olga, question, "19:30")
    await stage.settle()

    shown = stage.said_in(club)[-1]
    assert question.text == "“Friday evening”: on Fri 6 Mar, at what time?"
    assert labels(question) == ["18:00", "18:30", "19:00", "19:30", "20:00", "21:00"]
    assert shown.id == question.id
    assert "Fri 6 Mar 2026, 19:30" in shown.text


async def test_a_day_that_its_month_lacks_is_chosen_by_a_button(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    question = await asked(stage, club, olga, "Demo 31 April 19:00 @ Kranz")

    stage.telegram.press(olga, question, "Thu 30 Apr")
    await stage.settle()

    assert question.text == "April has no 31st. Which day?"
    assert "Thu 30 Apr 2026, 19:00" in stage.said_in(club)[-1].text


async def test_lines_below_and_the_price_describe_the_event_on_its_card(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    line = "Demo night, Fri 19:00 @ Kranz, 10 € at the door\nWe show what we built.\nCome and see!"

    preview = await asked(stage, club, olga, line)
    stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle()

    [title, *_] = stage.said_in(club)[-1].text.splitlines()
    assert title == "Demo night"
    assert "\n\n10 € at the door\nWe show what we built.\nCome and see!\n\n" in stage.said_in(club)[-1].text


async def test_a_second_question_keeps_the_first_answer_and_the_preview_is_published(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    question = await asked(stage, club, olga, "AMA Thu or Fri 20:00 IST")

    zone = question.text
    stage.telegram.press(olga, question, "Jerusalem (UTC+2)")
    await stage.settle()
    day = stage.said_in(club)[-1]
    stage.telegram.press(olga, day, "Fri 6 Mar")
    await stage.settle()
    preview = stage.said_in(club)[-1].text
    stage.telegram.press(olga, stage.said_in(club)[-1], "📣 Publish")
    await stage.settle()

    assert "“IST”: on whose clock?" in zone
    assert "Thu or Fri" in day.text
    assert "Fri 6 Mar 2026, 18:00 (UTC)" in preview
    assert "✅ Going" in labels(stage.said_in(club)[-1])


async def test_only_who_wrote_the_line_answers_its_question(stage: Stage) -> None:
    club, olga, [mia] = await known(stage, "Mia")
    question = await asked(stage, club, olga, "Demo next week 6pm")

    press = stage.telegram.press(mia, question, "Wed 11 Mar")
    await stage.settle()

    assert press.answer["show_alert"]
    assert "I can't tell the day" in stage.said_in(club)[-1].text


async def test_a_line_that_is_gone_has_to_be_written_again(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    line = stage.telegram.say(olga, club, "/event Demo next week 6pm")
    await stage.settle()
    question = stage.said_in(club)[-1]
    stage.telegram.delete(olga, line)

    press = stage.telegram.press(olga, question, "Wed 11 Mar")
    await stage.settle()

    assert "send it again" in press.answer["text"]


async def test_words_of_time_that_stay_in_the_title_are_told_under_the_preview(stage: Stage) -> None:
    club, olga, _ = await known(stage)

    preview = await asked(stage, club, olga, "Monday blues club, Thu 12 March 6pm")

    assert "Monday blues club" in preview.text
    assert "I didn't use “Monday” for the time" in preview.text
    assert "📣 Publish" in labels(preview)


async def test_a_name_that_looks_like_a_zone_is_asked_back_in_private_and_in_the_group(stage: Stage) -> None:
    club, olga, _ = await known(stage)
    stage.telegram.start(olga, stage.bot)
    private = stage.telegram.private(olga, stage.bot)
    for chat in (club, private):
        stage.telegram.say(olga, chat, "/settings Helsinky")
        await stage.settle()
        question = stage.said_in(chat)[-1] if chat is club else stage.read_by(olga)[-1]

        stage.telegram.press(olga, question, "Helsinki")
        await stage.settle()

        assert "“Helsinky”: which one do you mean?" in question.text
        assert "Helsinki time" in (stage.said_in(chat)[-1].text if chat is club else stage.said_to(olga)[-1])
