"""For which community, and into which chat, somebody plans an event."""

from __future__ import annotations

from bot.scene.scene import Scene
from models.domain.events import events
from models.domain.members import consent, rights
from models.tables.community import Chat, Community


async def where(scene: Scene) -> tuple[Community, Chat, bool] | None:
    """The community, the chat for the card, and whether the member is an admin there."""
    if scene.is_private:
        return await _from_private(scene)
    if scene.community is None or scene.chat is None:
        return None
    is_admin = await scene.is_admin()
    return scene.community, scene.chat, is_admin


async def _from_private(scene: Scene) -> tuple[Community, Chat, bool] | None:
    """Of the member's communities the first where they may plan, else the first."""
    places: list[tuple[Community, Chat, bool]] = []
    for community in await consent.communities_of(scene.session, scene.actor.id):
        chat = await events.home_chat(scene.session, community.id)
        if chat is not None:
            is_admin = await rights.is_admin(scene.session, scene.actor.id, community.id)
            places.append((community, chat, is_admin))
    allowed_places = [place for place in places if rights.may_create(place[0], is_admin=place[2])]
    return next(iter(allowed_places or places), None)
