"""/events: in the group what is coming up, in private what is coming up for me."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from telegram import Update

from bot.callbacks import EventListButton
from bot.messages import event_lists as messages
from bot.messages.outgoing import Outgoing, lines
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.events import cards, check_ins, events, hosts, seen_lists, visibility
from models.domain.events.cards import EventView
from models.domain.events.seen_lists import EventFilter
from models.domain.members import consent
from models.domain.members.deep_links import FollowedLink
from models.tables.community import Community
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.member import LinkAction

# Events in one list: what fits a screen; and those looked at before a filter.
MOST_LISTED, MOST_LOOKED_AT = 8, 40
WEEK = timedelta(days=7)


async def list_events(update: Update, context: BotContext) -> None:
    """/events."""
    async with context.scene(update) as scene:
        if scene.is_private:
            await show_own(scene, EventFilter.ALL)
        elif scene.community is not None:
            coming = await events_here(scene, scene.community)
            link = await scene.link(LinkAction.EVENTS, community_id=scene.community.id)
            views = [await cards.view_of(scene.session, event, now=scene.now) for event in coming]
            await scene.show(
                messages.event_list(scene.voice, views, link=link, hosting_link=await _hosting_link(scene))
            )


async def _hosting_link(scene: Scene) -> str | None:
    """What one hosts is nobody else's: from a group a link leads to it, for those who host anything."""
    if scene.member is None or not await hosts.hosting(scene.session, scene.member.id, now=scene.now, limit=1):
        return None
    return await scene.link(LinkAction.HOSTING, community_id=scene.community.id if scene.community else None)


async def events_here(scene: Scene, community: Community) -> list[Event]:
    """What is coming up, as this group may see it."""
    is_visible = visibility.is_seen_in(scene.chat_id)
    return await events.upcoming(scene.session, [community.id], now=scene.now, limit=MOST_LISTED, is_visible=is_visible)


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The group's link to one's own answers was followed."""
    await show_own(scene, EventFilter.ALL)


async def resume_hosting(scene: Scene, link: FollowedLink) -> None:
    """The group's link to what one hosts was followed; it shows each what is theirs."""
    await show_own(scene, EventFilter.HOSTING)


async def narrow(update: Update, context: BotContext) -> None:
    """A filter was pressed: the same message shows what passes it."""
    button = EventListButton.of(update)
    async with context.scene(update) as scene:
        scene.answer()
        if scene.is_private:
            screen = await own_list(scene, button.choice)
            await scene.redraw(screen, about=seen_lists.about(scene.actor.id, button.choice))


async def events_for_me(scene: Scene) -> list[Event]:
    """What is coming up in all of the member's communities, as they may see it; the first MOST_LISTED have numbers."""
    communities = [community.id for community in await consent.communities_of(scene.session, scene.actor.id)]
    is_visible = visibility.is_seen_by(scene.actor.id)
    return await events.upcoming(scene.session, communities, now=scene.now, limit=MOST_LOOKED_AT, is_visible=is_visible)


async def show_own(scene: Scene, choice: EventFilter, *, lead: Safe | None = None) -> None:
    """Answer with the member's list, under a sentence perhaps; a number they type then is one of it."""
    shown = await own_list(scene, choice)
    sent = await scene.reply(replace(shown, text=lines(lead, "", shown.text)) if lead else shown)
    if sent is not None:
        seen_lists.remember(sent, scene.actor.id, choice)


async def event_of_number(scene: Scene, number: int) -> EventView | None:
    """What has this number in the list that the member saw last, if it still has it; before the first list, in the next."""
    seen = await seen_lists.newest(scene.session, scene.actor.id)
    chosen = EventFilter(seen.what) if seen and seen.what else EventFilter.ALL
    now = [] if chosen == EventFilter.HOSTING else await _own_views(scene, chosen)
    then = messages.ids_in(seen.payload or {}) if seen else [view.id for view in now]
    is_the_same = number <= min(len(now), len(then)) and then[number - 1] == now[number - 1].id
    return now[number - 1] if is_the_same else None


async def own_list(scene: Scene, choice: EventFilter) -> Outgoing:
    """The member's list, narrowed to `choice`."""
    own_events = await hosts.hosting(scene.session, scene.actor.id, now=scene.now, limit=MOST_LISTED)
    if choice == EventFilter.HOSTING:
        passing = [await cards.view_of(scene.session, event, now=scene.now) for event in own_events]
        return messages.private_event_list(scene.voice, passing, own={}, choice=choice)
    passing = await _own_views(scene, choice)
    own = await events.own_answers(scene.session, scene.actor.id, [view.id for view in passing])
    return messages.private_event_list(
        scene.voice, passing, own=own, choice=choice, note=await _missed_line(scene), is_host=bool(own_events)
    )


async def _own_views(scene: Scene, choice: EventFilter) -> list[EventView]:
    """What is coming up for the member, narrowed to `choice`, in the order of its numbers."""
    found = await events_for_me(scene)
    own = await events.own_answers(scene.session, scene.actor.id, [event.id for event in found])
    views = [await cards.view_of(scene.session, event, now=scene.now) for event in found]
    return [view for view in views if _passes(scene, view, own.get(view.id), choice)][:MOST_LISTED]


def _passes(scene: Scene, view: EventView, own: Rsvp | None, choice: EventFilter) -> bool:
    return {
        EventFilter.ALL: True,
        EventFilter.MINE: own is not None and own.status in (RsvpStatus.GOING, RsvpStatus.MAYBE, RsvpStatus.WAITLISTED),
        EventFilter.WEEK: view.starts_at <= scene.now + WEEK,
        EventFilter.FREE: view.n_free is None or view.n_free > 0,
    }[choice]


async def _missed_line(scene: Scene) -> Safe | None:
    """The no-show memory is shown to whom it is about."""
    reliability = await check_ins.reliability(scene.session, scene.actor.id, now=scene.now)
    return Safe(f"<i>{scene.say('check_ins.missed', n=reliability.n_missed)}</i>") if reliability.n_missed else None
