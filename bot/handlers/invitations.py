"""Not for me: an invitation declined with one tap, which also teaches."""

from __future__ import annotations

from bot.messages.outgoing import Outgoing
from bot.scene.scene import Scene
from models.domain.invitations import answers
from models.tables.event import Event


async def not_for_me(scene: Scene, event: Event) -> None:
    """The invited member presses; only in private, so nobody else can."""
    if not scene.is_private:
        scene.answer()
        return
    await answers.not_for_me(scene.session, event, scene.actor.id, now=scene.now)
    scene.toast("invitations.declined")
    await scene.redraw(Outgoing(scene.say("invitations.declined_text", title=event.title)))
