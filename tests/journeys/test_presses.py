"""What a press does besides its deed: which message changes, who reads the answer, and in which language."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from bot.playground.server.snapshots import Message
from models.tables.delivery import Delivery
from tests.journeys.test_events import card_in, make_known, publish
from tests.stage import Stage


def forge(stage: Stage, message: Message, data: str) -> None:
    """What a patched client does: a button of ours carries other data."""
    stage.telegram.message_row(message).body["reply_markup"] = {
        "inline_keyboard": [[{"text": "x", "callback_data": data}]]
    }


async def test_a_button_of_a_message_that_is_not_kept_any_more_still_answers_in_private(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/settings")
    await stage.settle()
    async with stage.database.transaction() as session:
        await session.execute(update(Delivery).values(telegram_message_id=None))

    settings = stage.read_by(mia)[-1]
    stage.telegram.press(mia, settings, "🌙 Quiet hours")
    await stage.settle()

    assert "When shall I not disturb you?" in stage.said_to(mia)[-1]
    assert stage.read_by(mia)[-1]["message_id"] != settings["message_id"]


@pytest.mark.parametrize("action", ["manage_here", "edit_here", "check_in", "cancel"])
async def test_what_is_meant_for_one_reader_never_stands_in_the_group(stage: Stage, action: str) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    card = card_in(stage, club)
    before = [said.text for said in stage.said_in(club)]

    forge(stage, card, f"1:event:{action}:1")
    stage.telegram.press(olga, card, "x")
    await stage.settle()

    assert [said.text for said in stage.said_in(club)] == before


@pytest.mark.parametrize(
    ("client", "answer"),
    [
        ("en", "This button no longer works. /help shows what does."),
        ("zh-hans", "这个按钮已经失效。/help 列出现在能用的。"),
    ],
)
async def test_the_answer_to_a_press_speaks_the_language_of_who_pressed(stage: Stage, client: str, answer: str) -> None:
    club, _, _ = stage.club("Mia")
    zhou = stage.telegram.add_user(first_name="Zhou", language_code=client)
    stage.telegram.join(club, zhou)
    stage.telegram.say(zhou, club, "hello")
    await stage.settle()

    [notice, *_] = stage.said_in(club)
    forge(stage, notice, "1:of:nobody")
    press: Any = stage.telegram.press(zhou, notice, "x")
    await stage.settle()

    assert press.answer["text"] == answer
