"""Commands that are meant for the private chat, typed in a group: what can be done is done with a quiet sign, else a link."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from bot.messages.outgoing import Button, Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.members import consent
from models.domain.sending import deliveries
from models.tables.consent import Way
from models.tables.delivery import DeliveryKind

PRIVATE_ONLY = ("pause", "mydata", "forgetme", "why", "language", "calendar", "checkin", "start", "cancel")
DONE = "👌"
SIGN_LIFETIME = timedelta(minutes=10)


async def stop(update: Update, context: BotContext) -> None:
    """/stop in a group holds at once, like in private; a reaction says so, words only where there may be none."""
    async with context.scene(update) as scene:
        if scene.member is None:
            await scene.tell("errors.between_us")
            return
        await consent.stop(scene.session, member_id=scene.member.id, now=scene.now, way=Way.COMMAND)
        await _sign(scene)


async def _sign(scene: Scene) -> None:
    words = Outgoing(scene.say("privacy.stopped_here"), is_silent=True)
    await deliveries.queue(
        scene.session,
        DeliveryKind.RECEIPT,
        now=scene.now,
        method="setMessageReaction",
        payload={"message_id": scene.command_id, "reaction": [{"type": "emoji", "emoji": DONE}]},
        instead=words.payload(reply_to=scene.command_id),
        chat_id=scene.chat_id,
        thread_id=scene.thread_id,
        community_id=scene.community.id if scene.community else None,
        expires_at=scene.now + SIGN_LIFETIME,
    )


async def elsewhere(update: Update, context: BotContext) -> None:
    """What would show others something about a member: the link opens the private chat."""
    async with context.scene(update) as scene:
        button = Button(scene.voice.plain("help.open_private"), url=await scene.link("help"))
        await scene.reply(Outgoing(scene.say("errors.between_us"), [[button]], is_silent=True))
