"""No command of ours is met by silence, wherever somebody types it."""

from __future__ import annotations

from datetime import timedelta

from telegram.ext import CommandHandler

from bot.app import build_application, build_bot
from tests.stage import Stage

# What Telegram shows of an answer: words, a sign on the message, a file.
ANSWERS = {"sendMessage", "sendPhoto", "sendDocument", "setMessageReaction"}
# Another process makes it (see test_digests.py); on the stage none runs.
MADE_ELSEWHERE = ["/digest in private"]


def _names(stage: Stage) -> list[str]:
    application = build_application(build_bot(stage.config.telegram))
    handlers = [handler for group in application.handlers.values() for handler in group]
    return sorted({name for handler in handlers if isinstance(handler, CommandHandler) for name in handler.commands})


async def test_every_command_is_answered_in_the_group_and_in_private(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    silent = []

    for place in (club, stage.telegram.private(mia, stage.bot)):
        for name in _names(stage):
            n_before = len(stage.telegram.calls)
            stage.telegram.say(mia, place, f"/{name}")
            # A member has six answers a minute in a group.
            await stage.pass_time(timedelta(minutes=1))
            if not any(call.method in ANSWERS for call in stage.telegram.calls[n_before:]):
                silent.append(f"/{name} in {'the group' if place is club else 'private'}")

    assert silent == MADE_ELSEWHERE
