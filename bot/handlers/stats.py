"""/stats: what came of introductions, needs, offers and questions, and what a community lacks; for admins, in private."""

from __future__ import annotations

from telegram import Update

from bot.handlers import for_admins
from bot.messages import stats as messages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.members import rights
from models.domain.members.deep_links import FollowedLink
from models.domain.reports import demand, outcomes
from models.tables.community import Community
from models.tables.member import LinkAction


async def stats(update: Update, context: BotContext) -> None:
    """In a group the way to the private chat; there a report of each community whose admin one is."""
    async with context.scene(update) as scene:
        if not scene.is_private:
            await for_admins.show_the_way(scene, LinkAction.STATS)
            return
        communities = await rights.communities_of_admin(scene.session, scene.actor.id)
        if not communities:
            await scene.tell("for_admins.nowhere")
        for community in communities:
            await _report(scene, community)


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The group's link was followed; whether they are an admin is looked at again."""
    community = await for_admins.community_of_admin(scene, link.community_id)
    if community is None:
        await scene.tell("errors.admins_only")
    else:
        await _report(scene, community)


async def _report(scene: Scene, community: Community) -> None:
    services = scene.services
    compared = await outcomes.compare(
        scene.session,
        community,
        now=scene.now,
        defaults=services.defaults,
        kept_days=services.config.privacy.retention_days,
        sent_days=services.config.privacy.delivery_days,
    )
    fields = await demand.by_field(scene.session, community.id, now=scene.now)
    voice = scene.answer_voice.near(community.time_zone)
    await scene.reply(messages.report(voice, compared, fields, community=community.name))
