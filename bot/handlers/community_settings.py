"""/settings in a group: what its admins choose for everyone."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import CommunityButton
from bot.handlers import rsvps
from bot.messages import community_settings as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext, Scene
from models.domain.members import community_choices, rights
from models.domain.members.community_choices import NotAChoice
from models.tables.community import Community


async def settings(update: Update, context: BotContext) -> None:
    """An admin looks at the choices, or types a time zone after the command."""
    words = " ".join(context.args or ())
    async with context.scene(update) as scene:
        if scene.community is None or not await _may(scene):
            await scene.reply(Outgoing(scene.say("errors.admins_only")))
            return
        if words:
            try:
                community_choices.choose(scene.community, "zone", words)
            except NotAChoice:
                await scene.reply(Outgoing(scene.say("community_settings.unknown_zone", words=words)))
                return
        await scene.reply(_message(scene, scene.community))


async def choose(update: Update, context: BotContext) -> None:
    """An admin pressed a choice: the same message shows how it stands then."""
    button = CommunityButton.unpack(update.callback_query.data if update.callback_query else None)
    async with context.scene(update) as scene:
        community, message = scene.community, update.effective_message
        if community is None or not await _may(scene):
            scene.answer(scene.voice.plain("errors.admins_only"), is_alert=True)
            return
        try:
            community_choices.choose(community, button.what, button.value)
        except NotAChoice:
            scene.answer(scene.voice.plain("errors.foreign_button"), is_alert=True)
            return
        scene.answer(scene.voice.plain("events.saved"))
        shown = await rsvps.sent_in(scene, message.message_id) if message else None
        if shown is not None:
            await scene.edit(shown, _message(scene, community))


async def _may(scene: Scene) -> bool:
    return await rights.is_admin(scene.session, scene.member, scene.chat, is_anonymous=scene.is_anonymous_admin)


def _message(scene: Scene, community: Community) -> Outgoing:
    return messages.settings(
        scene.services.voice(community),
        community=community.name,
        creators="everyone" if rights.may_create(community, is_admin=False) else "admins",
        now=scene.now,
    )
