"""What hosts do with an event after planning it: change, cancel; in private, because it takes questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.handlers import event_dialogues, event_drafts
from bot.handlers.event_dialogues import NotUnderstood
from bot.messages import event_management as messages
from bot.messages import event_notices as notices
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.scene import Scene
from models.domain.events import cards, events, seats, series
from models.domain.events.events import EventIsPast
from models.domain.events.seats import CapacityTooSmall
from models.domain.invitations import turnout
from models.domain.member_time import zone_of
from models.domain.members import dialogues
from models.domain.members.deep_links import FollowedLink
from models.reading.positions import Spot
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.event import IS_IN, Event, EventStatus, RsvpStatus
from models.tables.member import Dialogue, DialogueAction, LinkAction

# Who hears that it does not take place.
COMING = (*IS_IN, RsvpStatus.MAYBE)


async def manage(scene: Scene, event: Event) -> None:
    """The host pressed the wheel or Edit: in the group the answer opens the private chat."""
    if scene.is_private:
        await show_menu(scene, event)
        scene.answer()
        return
    own = scene.actor.id
    link = await scene.link(LinkAction.MANAGE_EVENT, community_id=event.community_id, target_id=event.id, member_id=own)
    scene.answer(url=link)


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The host opened the private chat; whether they still may is looked at again."""
    event = await scene.session.get(Event, link.target_id)
    if event is None:
        await scene.tell("events.gone")
    elif await events.may_manage(scene.session, event, scene.actor.id):
        await show_menu(scene, event)
    else:
        await scene.tell("events.not_yours")


async def show_menu(scene: Scene, event: Event) -> None:
    """What a host may do with the event, in private."""
    await scene.reply(await _menu(scene, event))


async def _menu(scene: Scene, event: Event) -> Outgoing:
    view = await cards.view_of(scene.session, event, now=scene.now)
    forecast = await turnout.forecast(scene.session, event, now=scene.now)
    return messages.management(scene.voice, view, forecast=forecast)


async def manage_here(scene: Scene, event: Event) -> None:
    """Back to the menu in the same message."""
    await scene.redraw(await _menu(scene, event))
    scene.answer()


async def edit_here(scene: Scene, event: Event) -> None:
    """What can be changed, in the same message."""
    await scene.redraw(await _editing(scene, event))
    scene.answer()


async def _editing(scene: Scene, event: Event) -> Outgoing:
    """A draft has everything on its one page, and what is over is not changed."""
    if event.status != EventStatus.PUBLISHED or seats.is_over(event, scene.now):
        return await _menu(scene, event)
    view = await cards.view_of(scene.session, event, now=scene.now)
    return messages.editing(scene.voice, view)


async def ask_cancel(scene: Scene, event: Event) -> None:
    """Calling an event off is asked twice; of a series, which."""
    view = await cards.view_of(scene.session, event, now=scene.now)
    is_one_of_many = await series.goes_on(scene.session, event, now=scene.now)
    await scene.redraw((messages.cancel_which if is_one_of_many else messages.cancel_question)(scene.voice, view))
    scene.answer()


async def cancel(scene: Scene, event: Event) -> None:
    """The host is sure: cards say so, and everyone who was coming is told. Others of a series go on."""
    event_cancelled = await events.cancel(scene.session, event.id, now=scene.now)
    if event_cancelled is not None:
        await _call_off(scene, [event], notices.called_off)
    is_one_of_many = await series.goes_on(scene.session, event, now=scene.now)
    await _say_cancelled(scene, "events.cancel_done_one" if is_one_of_many else "events.cancel_done")


async def cancel_all(scene: Scene, event: Event) -> None:
    """All coming ones of a series: who goes to several of them is told once, of the first."""
    cancelled_events = await events.cancel_coming(scene.session, event, now=scene.now)
    await _call_off(scene, cancelled_events, notices.series_called_off)
    await _say_cancelled(scene, "events.cancel_done_all")


async def _call_off(scene: Scene, cancelled_events: Sequence[Event], notice: event_posts.Notice) -> None:
    informed_ids = {scene.actor.id}
    for event in cancelled_events:
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
        tell = partial(event_posts.tell, scene.services, scene.session, event)
        for member in await events.audience(scene.session, event.id, COMING):
            if member.id not in informed_ids:
                await tell(member, DeliveryKind.NOTICE, notice, now=scene.now)
            informed_ids.add(member.id)


async def _say_cancelled(scene: Scene, key: str) -> None:
    await scene.redraw(Outgoing(scene.say(key)))
    scene.toast(key)


async def post_card(scene: Scene, event: Event) -> None:
    """The card that somebody deleted shall stand in its group again."""
    if event.status != EventStatus.PUBLISHED or seats.is_over(event, scene.now):
        scene.alert("events.gone")
        return
    if not await cards.cards_of(scene.session, event.id):
        await event_posts.post_card(scene.services, scene.session, event, now=scene.now)
    await scene.redraw(Outgoing(scene.say("events.card_is_back", title=event.title)))
    scene.answer()


async def stop_series(scene: Scene, event: Event) -> None:
    """No further instances of a repeated event."""
    if event.series_id is not None:
        await series.stop(scene.session, event.series_id, now=scene.now)
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    await edit_here(scene, event)


async def lead_series(scene: Scene, event: Event) -> None:
    """The coming instances shall be like this one."""
    is_leading = await series.lead(scene.session, event)
    key = "events.leads_series" if is_leading else "events.series_is_over"
    scene.alert(key)


async def ask_field(field: str, scene: Scene, event: Event) -> None:
    """The host wants to change one thing."""
    if not scene.is_private:
        await manage(scene, event)
        return
    await expect_words(scene, DialogueAction.EDIT_EVENT, field, event)
    is_published = event.status != EventStatus.DRAFT
    await scene.reply(messages.question(scene.voice, field, is_published=is_published))
    scene.answer()


async def expect_words(scene: Scene, action: DialogueAction, step: str, event: Event) -> None:
    """The host's next words in private answer this step about the event."""
    await dialogues.ask(
        scene.session, scene.actor.id, action, step, now=scene.now, community_id=event.community_id, target_id=event.id
    )


async def go_on(scene: Scene, dialogue: Dialogue, answer: str | Spot | None) -> None:
    """Take the new value of one field (None: none any more), and tell those who should know."""
    event = await scene.session.get(Event, dialogue.target_id)
    if event is None or not await events.may_manage(scene.session, event, scene.actor.id):
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("events.gone")
        return
    try:
        changes = await _changes(scene, event, dialogue.step, answer)
        change = await events.change(scene.session, event.id, changes, now=scene.now)
    except NotUnderstood as problem:
        await scene.reply(Outgoing(problem.sentence))
        return
    except EventIsPast:
        await scene.tell("events.draft_is_past")
        return
    except CapacityTooSmall as refused:
        await scene.tell("events.too_few_seats", n=refused.n_going)
        return
    await dialogues.stop(scene.session, scene.actor.id)
    if change is not None:
        await _spread(scene, change, dialogue.step)
    # Who changes one thing often changes another.
    await scene.reply(await _editing(scene, event))


async def _changes(scene: Scene, event: Event, field: str, answer: str | Spot | None) -> dict[str, Any]:
    community = await scene.session.get_one(Community, event.community_id)
    value = event_dialogues.read_answer(scene, field, answer, zone_of(event.time_zone), community.language)
    if field == "when":
        ends_at = value["ends_at"]
        return {
            "starts_at": datetime.fromisoformat(value["starts_at"]),
            "ends_at": datetime.fromisoformat(ends_at) if ends_at else None,
        }
    if field == "picture" and value is None and event.status != EventStatus.DRAFT:
        # The button under a question that was asked while this was a draft.
        raise NotUnderstood(scene.say("events.picture_stays"))
    if field == "rsvp_until":
        return {field: datetime.fromisoformat(value["starts_at"]) if value else None}
    return dict(value) if field == "place" else {field: value}


async def _spread(scene: Scene, change: events.Change, field: str) -> None:
    """Cards show the change; those going hear of a new time or place, those in line of a seat."""
    event = change.event
    if event.status == EventStatus.DRAFT:
        await event_drafts.refresh(scene, event)
    if event.status != EventStatus.PUBLISHED or seats.is_over(event, scene.now):
        return
    await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    await event_posts.offer_seats(scene.services, scene.session, event, change.promoted_ids, now=scene.now)
    tell = partial(event_posts.tell_all, scene.services, scene.session, event, now=scene.now, besides=scene.actor.id)
    if change.is_moved:
        await tell((RsvpStatus.GOING,), notices.move)
        for status in (RsvpStatus.MAYBE, RsvpStatus.WAITLISTED):
            await tell((status,), partial(notices.moved_without_seat, status=status))
    elif field in ("place", "link"):
        # A link is an answer to "where?" as well.
        what = event.link or "-" if field == "link" or not (event.place or event.position) else None
        await tell((RsvpStatus.GOING, RsvpStatus.MAYBE), partial(notices.change, what=what))
