"""What admins alone read: in a group the way to the private chat, there what they asked for, if they still are admins."""

from __future__ import annotations

from bot.messages import for_admins as messages
from bot.scene.scene import Scene
from models.domain.members import rights
from models.tables.community import Community
from models.tables.member import LinkAction


async def show_the_way(scene: Scene, action: LinkAction) -> None:
    """A command of admins in a group: the link goes on with it in private; whoever follows it is asked for their rights there."""
    if scene.community is None or not await scene.is_admin():
        await scene.tell("errors.admins_only")
        return
    link = await scene.link(action, community_id=scene.community.id)
    await scene.reply(messages.elsewhere(scene.answer_voice, link=link))


async def community_of_admin(scene: Scene, community_id: int | None) -> Community | None:
    """The community, if whoever acts is an admin of it."""
    if community_id is None or not await rights.is_admin(scene.session, scene.actor.id, community_id):
        return None
    return await scene.session.get(Community, community_id)
