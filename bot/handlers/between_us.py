"""Commands that are meant for the private chat, typed in a group: what can be done is done and said in a line, else a link."""

from __future__ import annotations

from telegram import Update

from bot.messages.outgoing import Button, Outgoing
from bot.scene.context import BotContext
from models.domain.members import consent
from models.tables.consent import Way
from models.tables.member import LinkAction

PRIVATE_ONLY = (
    "pause",
    "mydata",
    "forgetme",
    "why",
    "language",
    "calendar",
    "checkin",
    "intro",
    "profile",
    "start",
    "cancel",
)


async def stop(update: Update, context: BotContext) -> None:
    """/stop in a group holds at once, like in private; one silent line says what is off, and how to have it back."""
    async with context.scene(update) as scene:
        if scene.member is None:
            await scene.tell("errors.between_us")
            return
        await consent.stop(scene.session, member_id=scene.member.id, now=scene.now, way=Way.COMMAND)
        await scene.reply(Outgoing(scene.answer_voice.say("privacy.stopped_here"), is_silent=True))


async def elsewhere(update: Update, context: BotContext) -> None:
    """What would show others something about a member: the link opens the private chat."""
    async with context.scene(update) as scene:
        button = Button(scene.answer_voice.plain("help.open_private"), url=await scene.link(LinkAction.HELP))
        await scene.reply(Outgoing(scene.answer_voice.say("errors.between_us"), [[button]], is_silent=True))
