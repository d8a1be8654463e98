"""The answers to a proposed introduction; what they lead to is told to everybody in it, or to nobody."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import ProposalButton
from bot.messages.outgoing import Outgoing
from bot.notices import introduction_posts
from bot.scene.context import BotContext
from models.domain.introductions import proposals
from models.domain.introductions.introductions import NotASide, State


async def answer(update: Update, context: BotContext) -> None:
    """A member answers yes, not now, not this person or never for this; what it shows hangs on nobody else's answer."""
    button = ProposalButton.of(update)
    async with context.scene(update) as scene:
        ids = button.introduction_id, scene.actor.id
        try:
            state = await proposals.reply(scene.session, *ids, button.answer, now=scene.now)
        except NotASide:
            scene.alert("introductions.over")
            return
        scene.answer()
        await scene.redraw(Outgoing(scene.say(f"introductions.said.{button.answer}")))
        if state == State.INTRODUCED:
            await introduction_posts.introduce(scene.services, scene.session, button.introduction_id, now=scene.now)
