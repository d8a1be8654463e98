"""From a draft to a published event: the preview and its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.messages import event_lines as lines
from bot.messages import event_zones
from bot.messages import events as messages
from bot.messages.outgoing import LONGEST_CAPTION, Outgoing, shown_length
from bot.scene.scene import Scene
from bot.texts import Safe, Voice
from models.domain.events import cards, events
from models.domain.events.reach import is_online
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


@dataclass(frozen=True)
class Plan:
    """What is said to a line: the preview of its draft, or (no event) the question about it."""

    screen: Outgoing
    event: Event | None = None


async def propose(
    scene: Scene,
    draft: EventDraft,
    community: Community,
    *,
    host_id: int | None,
    chat_id: int,
    zone: str | None = None,
    asks_zone: bool = False,
    picture: str | None = None,
) -> Plan:
    """Keep the draft; what the card will look like, for its creator, under its picture (a file id) if it has one."""
    event = await events.plan(
        scene.session,
        draft,
        community=community,
        zone=_zone_of_room(draft) or zone or zone_for(scene, community).key,
        host_id=host_id,
        chat_id=chat_id,
        thread_id=None if scene.is_private else scene.thread_id,
        now=scene.now,
    )
    event.picture = picture
    zones = await likely_zones(scene, event) if asks_zone else None
    screen = await preview(scene, event, unread=lines.unread(scene.voice, draft), zones=zones)
    # Words that were not understood may be many: what would not fit under the picture is shown without it.
    fits = shown_length(screen.text) <= LONGEST_CAPTION
    return Plan(replace(screen, picture=picture) if fits else screen, event)


def _zone_of_room(draft: EventDraft) -> str | None:
    """The zone that the line names, where the event is in a room there; online it only says which hour is meant."""
    return draft.zone if draft.place and not is_online(draft) else None


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
    scene: Scene,
    event: Event,
    *,
    unread: Safe | None = None,
    zones: Sequence[str] | None = None,
    voice: Voice | None = None,
) -> Outgoing:
    """What the card will look like, for those who read this chat or in another voice; with `zones`, the question where it is."""
    view = await cards.view_of(scene.session, event, now=scene.now)
    voice = (voice or scene.voice).near(event.time_zone)
    screen = messages.preview(voice, view, unread=unread)
    return (
        screen
        if zones is None
        else event_zones.zone_question(voice.on_clock(event.time_zone), screen, event.id, zones, now=scene.now)
    )
