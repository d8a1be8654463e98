"""A member's clock, asked about once in private, after their first yes: one tap, and every time they read is right."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import ClockButton
from bot.messages import clocks as messages
from bot.messages import preferences as pages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.member_time import zone_of
from models.domain.members import community_choices, preferences
from models.domain.members.preferences import NotAChoice
from models.domain.sending import deliveries
from models.reading.group_guesses import zone_of_client
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def ask_once(scene: Scene, community_id: int) -> None:
    """Is it 16:09 where you are? Never again, whatever they answer; /settings is there at any time."""
    member = scene.actor
    community = await scene.session.get(Community, community_id)
    if member.time_zone is not None or not member.is_reachable or community is None:
        return
    zone = _likely(scene, community)
    message = messages.question(scene.own_voice.on_clock(zone), now=scene.now)
    await deliveries.queue(
        scene.session,
        DeliveryKind.REPLY,
        now=scene.now,
        payload=message.payload(),
        member_id=member.id,
        community_id=community.id,
        once_key=f"clock:{member.id}",
    )


def _likely(scene: Scene, community: Community) -> str:
    """The community's, where somebody chose that; else where most are who speak the member's language."""
    default = scene.services.defaults.time_zone
    by_client = zone_of_client(scene.actor.client_language or "")
    is_chosen = community_choices.is_chosen(community, "zone", default=default)
    return zone_of(None if by_client and not is_chosen else community.time_zone, by_client, default).key


async def answer(update: Update, context: BotContext) -> None:
    """The member pressed Yes, or wants another."""
    button = ClockButton.of(update)
    async with context.scene(update) as scene:
        if not scene.is_private:
            scene.answer()
        elif not button.zone:
            scene.answer()
            await scene.redraw(pages.page(scene.voice, "zone", ""))
        else:
            await _take(scene, button.zone)


async def _take(scene: Scene, zone: str) -> None:
    try:
        preferences.choose(scene.actor, "zone", zone)
    except NotAChoice:
        scene.alert("errors.foreign_button")
        return
    scene.toast("preferences.saved")
    await scene.redraw(messages.confirmation(scene.own_voice))
