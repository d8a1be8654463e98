"""/settings in a group: what its admins choose for everyone."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import CommunityButton
from bot.messages import community_settings as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts.languages import LANGUAGES
from models.domain.members import community_choices, rights
from models.domain.members.community_choices import NotAChoice
from models.reading.zones import zone_named
from models.tables.community import Community


async def settings(update: Update, context: BotContext) -> None:
    """An admin looks at the choices, or types a time zone after the command."""
    words = " ".join(context.args or ())
    async with context.scene(update) as scene:
        if scene.community is None or not await scene.is_admin():
            await scene.tell("errors.admins_only")
            return
        if words:
            zone_answer = zone_named(words, own=scene.community.time_zone, language=scene.community.language)
            if zone_answer.zone is None:
                await scene.reply(messages.no_such_zone(scene.answer_voice, words, zone_answer.zones))
                return
            community_choices.choose(scene.community, "zone", zone_answer.zone, languages=LANGUAGES)
        await scene.reply(_message(scene, scene.community))


async def choose(update: Update, context: BotContext) -> None:
    """An admin pressed a choice: the same message shows how it stands then."""
    button = CommunityButton.of(update)
    async with context.scene(update) as scene:
        community = scene.community
        if community is None or not await scene.is_admin():
            scene.alert("errors.admins_only")
            return
        try:
            community_choices.choose(community, button.what, button.value, languages=LANGUAGES)
        except NotAChoice:
            scene.alert("errors.foreign_button")
            return
        scene.toast("events.saved")
        await scene.redraw(_message(scene, community), for_all=True)


def _message(scene: Scene, community: Community) -> Outgoing:
    return messages.settings(
        scene.services.voice(community),
        community=community.name,
        creators=rights.creators(community),
        now=scene.now,
        rescue_hours=community_choices.rescue_hours(community),
        is_zone_chosen=community_choices.is_chosen(community, "zone", default=scene.services.defaults.time_zone),
    )
