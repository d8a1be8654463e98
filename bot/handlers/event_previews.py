"""From a draft to a published event: the preview and its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.handlers import rsvps
from bot.messages import event_lines as lines
from bot.messages import event_zones
from bot.messages import events as messages
from bot.messages.outgoing import LONGEST_CAPTION, Outgoing, shown_length
from bot.notices import event_posts
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.events import cards, events
from models.domain.events.events import EventIsPast
from models.domain.member_time import place_zone
from models.domain.members import community_choices
from models.domain.members.group_signs import signs_of
from models.reading.event_draft import EventDraft
from models.reading.group_guesses import zones_of
from models.tables.community import Chat, Community
from models.tables.event import Event


def zone_for(scene: Scene, community: Community) -> ZoneInfo:
    """The zone an event line is meant in: the community's."""
    return place_zone(community.time_zone, scene.services.defaults)


async def propose(
    scene: Scene,
    draft: EventDraft,
    community: Community,
    *,
    chat_id: int,
    zone: str | None = None,
    asks_zone: bool = False,
    picture: str | None = None,
) -> Outgoing:
    """Keep the draft; what the card will look like, for its creator, under its picture (a file id) if it has one."""
    event = await events.plan(
        scene.session,
        draft,
        community=community,
        zone=zone or zone_for(scene, community).key,
        host_id=scene.member.id if scene.member else None,
        chat_id=chat_id,
        thread_id=None if scene.is_private else scene.thread_id,
        now=scene.now,
    )
    event.picture = picture
    zones = await likely_zones(scene, event) if asks_zone else None
    shown = await preview(scene, event, unread=lines.unread(scene.voice, draft), zones=zones)
    # Words that were not understood may be many: what would not fit under the picture is shown without it.
    return replace(shown, picture=picture) if shown_length(shown.text) <= LONGEST_CAPTION else shown


async def asks_zone(scene: Scene, community: Community) -> bool:
    """Whether to ask where the community is, before its first card: nobody said so yet, and it is asked once."""
    default = scene.services.defaults.time_zone
    if community_choices.is_chosen(community, "zone", default=default):
        return False
    return community_choices.propose_once(community, "zone")


async def likely_zones(scene: Scene, event: Event) -> tuple[str, ...]:
    """Where the event's community probably is; () where nothing tells."""
    community = await scene.session.get_one(Community, event.community_id)
    chat = await scene.session.get(Chat, event.chat_id) if event.chat_id else None
    return zones_of(await signs_of(scene.session, community, chat, scene.member)) if chat else ()


async def preview(
    scene: Scene, event: Event, *, unread: Safe | None = None, zones: Sequence[str] | None = None
) -> Outgoing:
    """What the card will look like; with `zones`, the question where it is."""
    view = await cards.view_of(scene.session, event, now=scene.now)
    shown = messages.preview(scene.voice.near(event.time_zone), view, unread=unread)
    return (
        shown
        if zones is None
        else event_zones.asked(scene.voice.near(event.time_zone), shown, event.id, zones, now=scene.now)
    )


async def publish(scene: Scene, event: Event) -> None:
    """The preview in the event's own chat becomes the card; elsewhere the card is posted and the preview shows the event.

    What an admin planned as the group itself names no host, whoever presses: every admin looks after it, and one who
    wants to be named is made a co-host.
    """
    try:
        published = await events.publish(scene.session, event.id, now=scene.now)
    except EventIsPast:
        scene.alert("events.draft_is_past")
        return
    scene.toast("events.published_toast")
    if published is None:
        return
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
