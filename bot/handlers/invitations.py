"""Not for me: an invitation declined with one tap, which also teaches."""

from __future__ import annotations

from telegram import Update

from bot.handlers import rsvps
from bot.messages.outgoing import Outgoing
from bot.scene.context import Scene
from models.domain.invitations import answers
from models.tables.event import Event


async def not_for_me(scene: Scene, update: Update, event: Event) -> None:
    """The invited member presses; only in private, so nobody else can."""
    if not scene.is_private:
        scene.answer()
        return
    await answers.not_for_me(scene.session, event, scene.actor.id, now=scene.now)
    scene.answer(scene.voice.plain("invitations.declined"))
    message = update.effective_message
    shown = await rsvps.sent_in(scene, message.message_id) if message else None
    if shown is not None:
        await scene.edit(shown, Outgoing(scene.say("invitations.declined_text", title=event.title)))
