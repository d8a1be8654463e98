"""/digest: what is worth a member's time, now."""

from __future__ import annotations

from telegram import Update

from bot.messages import digests as messages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.installation import timetable
from models.domain.members import consent
from models.domain.members.deep_links import FollowedLink
from models.tables.job import JobName
from models.tables.member import LinkAction


async def digest(update: Update, context: BotContext) -> None:
    """A member wants to know what is worth their time, now."""
    async with context.scene(update) as scene:
        if scene.is_private:
            await _ask_for_one(scene)
            return
        community_id = scene.community.id if scene.community else None
        link = await scene.link(LinkAction.DIGEST, community_id=community_id)
        await scene.reply(messages.open_in_private(scene.answer_voice, link=link))


async def resume_digest(scene: Scene, link: FollowedLink) -> None:
    """The group's link was followed."""
    await _ask_for_one(scene)


async def _ask_for_one(scene: Scene) -> None:
    """The other process makes it: the answer is its delivery, a moment later."""
    member_id = scene.actor.id
    if not await consent.communities_of(scene.session, member_id):
        await scene.tell("errors.no_community")
        return
    await timetable.defer(
        scene.session,
        JobName.SEND_DIGESTS,
        now=scene.now,
        key=f"member:{member_id}",
        arguments={"member_id": member_id},
    )
