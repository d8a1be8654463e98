"""From a draft to a published event: the preview and its buttons."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.handlers import rsvps
from bot.messages import event_lines as lines
from bot.messages import events as messages
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.events import cards, events
from models.domain.events.events import EventIsPast
from models.domain.member_time import zone_of
from models.reading.event_draft import EventDraft
from models.tables.community import Community
from models.tables.event import Event


def zone_for(scene: Scene, community: Community) -> ZoneInfo:
    """The zone an event line is meant in: the community's."""
    return zone_of(community.time_zone, scene.services.defaults.time_zone)


async def propose(scene: Scene, draft: EventDraft, community: Community, *, chat_id: int) -> Outgoing:
    """Keep the draft; what the card will look like, for its creator."""
    event = await events.plan(
        scene.session,
        draft,
        community=community,
        zone=zone_for(scene, community).key,
        host_id=scene.member.id if scene.member else None,
        chat_id=chat_id,
        thread_id=None if scene.is_private else scene.thread_id,
        now=scene.now,
    )
    return await preview(scene, event, unread=lines.unread(scene.voice, draft))


async def preview(scene: Scene, event: Event, *, unread: Safe | None = None) -> Outgoing:
    """What the card will look like."""
    view = await cards.view_of(scene.session, event, now=scene.now)
    return messages.preview(scene.voice, view, unread=unread)


async def publish(scene: Scene, event: Event) -> None:
    """The preview in the event's own chat becomes the card; elsewhere the card is posted and the preview shows the event."""
    try:
        published = await events.publish(scene.session, event.id, now=scene.now)
    except EventIsPast:
        scene.alert("events.draft_is_past")
        return
    scene.toast("events.published_toast")
    if published is None:
        return
    # An admin who planned it as the group itself becomes its host by publishing it.
    event.host_id = event.host_id or scene.actor.id
    shown = await scene.pressed()
    if shown is not None and shown.chat_id is not None and shown.chat_id == event.chat_id:
        await cards.remember_card(scene.session, event.id, shown.id)
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
        return
    await event_posts.post_card(scene.services, scene.session, event, now=scene.now)
    view = await rsvps.private_view(scene, event) if scene.is_private else None
    await scene.redraw(view or Outgoing(scene.say("events.published_toast")), for_all=True)


async def drop(scene: Scene, event: Event) -> None:
    """The draft is not wanted."""
    await events.drop(scene.session, event.id)
    await scene.redraw(Outgoing(scene.say("events.dropped")), for_all=True)
    scene.toast("events.dropped")
