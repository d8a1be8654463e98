"""/find: needs, offers, members and events that say what somebody looks for; without words what is newest."""

from __future__ import annotations

from telegram import Update

from bot.handlers.event_lines import line_of
from bot.messages import finding as messages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import visibility
from models.domain.finding import finding
from models.domain.finding.finding import Discovery
from models.domain.introductions import open_profiles
from models.domain.members import consent
from models.domain.profiles.profiles import OpenProfile


async def find(update: Update, context: BotContext) -> None:
    """/find."""
    async with context.scene(update) as scene:
        query = line_of(update.effective_message).strip()
        community_ids = await _communities(scene)
        if not community_ids:
            await scene.tell("errors.no_community")
            return
        discovery = await _look(scene, query, community_ids)
        await scene.show(messages.results(scene.voice, discovery, query=query, with_buttons=scene.is_private))


async def _communities(scene: Scene) -> list[int]:
    """In a group its own; in private all that one belongs to."""
    if not scene.is_private:
        return [scene.community.id] if scene.community else []
    return [community.id for community in await consent.communities_of(scene.session, scene.actor.id)]


async def _look(scene: Scene, query: str, community_ids: list[int]) -> Discovery:
    is_visible = visibility.is_seen_by(scene.actor.id) if scene.is_private else visibility.is_seen_in(scene.chat_id)
    if not query:
        return await finding.newest(scene.session, community_ids=community_ids, is_visible=is_visible, now=scene.now)
    return await finding.find(
        scene.session,
        query,
        community_ids=community_ids,
        is_visible=is_visible,
        people=await _people(scene, community_ids),
        now=scene.now,
    )


async def _people(scene: Scene, community_ids: list[int]) -> list[OpenProfile]:
    """In private alone: who is kept apart from whom holds for one reader, and would show in a group."""
    if not scene.is_private:
        return []
    return await open_profiles.open_profiles(scene.session, community_ids, reader_id=scene.actor.id, now=scene.now)
