"""Answers to events: presses under cards and private messages, and thumbs on cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.callbacks import RsvpButton
from bot.messages import event_notices as notices
from bot.messages import events as messages
from bot.messages.calendars import with_title
from bot.messages.outgoing import Outgoing
from bot.notices import event_answers, event_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.scene.services import Services
from models.domain.events import calendar_links, events, seats
from models.domain.events import cards as event_cards
from models.domain.events.seats import HeldEvent, Seating
from models.domain.events.waitlist import position_of
from models.domain.events.wishes import AnswerRefused, Wish
from models.domain.hearing.facts import Fact, HeardReaction
from models.domain.members import consent
from models.domain.members.deep_links import FollowedLink
from models.tables.event import Event, EventStatus, RsvpStatus
from models.tables.member import LinkAction, Member

# The reaction that means going; Telegram offers it in every chat.
THUMB = "👍"


def event_of(raw: Any) -> int | None:
    """The event that a raw update answers by a press. Such presses may share a transaction: all that answer() does is
    done in its scene.
    """
    press = raw.get("callback_query") if isinstance(raw, dict) else None
    data = press.get("data") if isinstance(press, dict) else None
    is_ours = isinstance(data, str) and RsvpButton.pattern().match(data)
    return RsvpButton.unpack(data).event_id if is_ours else None


async def answer(update: Update, context: BotContext) -> None:
    """A member pressed Going, Maybe, Can't, Guest, Still coming or Release under a card or in private."""
    button = RsvpButton.of(update)
    async with context.scene(update) as scene:
        try:
            result = await seats.answer(
                scene.session,
                button.event_id,
                scene.actor.id,
                button.wish,
                now=scene.now,
                held_events=scene.work.held_events,
            )
        except AnswerRefused as refused:
            scene.alert(f"events.refused.{refused.code}", n=refused.n)
            return
        event = await scene.session.get_one(Event, button.event_id)
        await _show(scene, event, result, button.wish)


async def _show(scene: Scene, event: Event, result: Seating, wish: Wish) -> None:
    """The presser's own standing at once; the cards and whoever got a seat after it."""
    work = scene.work
    await event_answers.spread(
        scene.services, work.session, event, scene.actor.id, result, now=scene.now, shows_cards=False
    )
    if result.is_changed:
        refresh = partial(event_posts.refresh_cards, scene.services, work.session, event, now=scene.now)
        work.closing["cards", event.id] = refresh
    if scene.is_private:
        await scene.redraw(await private_view(scene, event))
    if result.status == RsvpStatus.WAITLISTED and not scene.actor.is_reachable:
        # Only in private can we say when a seat is free: the answer opens the chat.
        scene.answer(url=await link_to_event(scene, event))
    else:
        scene.answer(_toast(scene, result, wish))


def _toast(scene: Scene, result: Seating, wish: Wish) -> str:
    voice = scene.own_voice
    if wish == Wish.KEEP and result.status == RsvpStatus.GOING:
        return voice.plain("events.you_kept")
    if wish == Wish.RELEASE and result.gave_seat:
        return voice.plain("events.you_released")
    return messages.answer(voice, result)


async def link_to_event(scene: Scene, event: Event) -> str:
    """A link that opens the private chat at this event."""
    return await scene.link(LinkAction.EVENT, community_id=event.community_id, target_id=event.id)


async def resume_event(scene: Scene, link: FollowedLink) -> None:
    """The link to an event was followed; following it does not make anyone a member."""
    event = await scene.session.get(Event, link.target_id)
    if event is None or event.status == EventStatus.DRAFT:
        await scene.tell("events.gone")
    elif not await consent.is_member(scene.session, scene.actor.id, event.community_id):
        await scene.tell("errors.not_a_member")
    else:
        await scene.reply(await private_view(scene, event))


async def private_view(scene: Scene, event: Event) -> Outgoing:
    """One event as its reader sees it in private."""
    view = await event_cards.view_of(scene.session, event, now=scene.now)
    rows = await seats.answers(scene.session, event.id)
    rsvp = next((row for row in rows if row.member_id == scene.actor.id), None)
    voice = scene.voice
    own = messages.standing(voice, rsvp, position=position_of(rsvp, rows)) if rsvp else None
    if rsvp and rsvp.claim_until:
        own = notices.held_until(voice, event, rsvp.claim_until)
    return messages.private_view(
        voice,
        view,
        own=own,
        links=calendar_links.links(with_title(voice, calendar_links.calendar_event(event, rsvp))),
        has_ticket=rsvp is not None and rsvp.status == RsvpStatus.GOING,
        is_host=await events.may_manage(scene.session, event, scene.actor.id),
    )


async def hear_reactions(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """Thumbs on cards are answers; called for recorded facts, in their transaction. True when anything changed."""
    thumbs = [
        (fact, THUMB in fact.new_emoji)
        for fact in facts
        if isinstance(fact, HeardReaction) and THUMB in (*fact.new_emoji, *fact.old_emoji) and not fact.actor.is_bot
    ]
    addresses = {(fact.place.telegram_id, fact.telegram_message_id) for fact, _ in thumbs}
    cards = await event_cards.events_of_messages(session, addresses)
    held_events: dict[int, HeldEvent] = {}
    changed_ids: set[int] = set()
    for fact, is_set in thumbs:
        event_id = cards.get((fact.place.telegram_id, fact.telegram_message_id))
        if event_id and await _answer_by_thumb(
            services, session, event_id, fact, is_set=is_set, now=now, held_events=held_events
        ):
            changed_ids.add(event_id)
    for event_id in sorted(changed_ids):
        await event_posts.refresh_cards(services, session, held_events[event_id].event, now=now)
    return bool(changed_ids)


async def _answer_by_thumb(
    services: Services,
    session: AsyncSession,
    event_id: int,
    fact: HeardReaction,
    *,
    is_set: bool,
    now: datetime,
    held_events: dict[int, HeldEvent],
) -> bool:
    query = select(Member.id).where(Member.telegram_id == fact.actor.telegram_id)
    member_id = await session.scalar(query)
    try:
        if member_id is None:
            return False
        result = await seats.answer_by_reaction(
            session, event_id, member_id, is_set=is_set, now=now, held_events=held_events
        )
    except AnswerRefused:
        # Nobody can be answered on a reaction; the card says that the event is over or cancelled.
        return False
    event = held_events[event_id].event
    await event_answers.spread(services, session, event, member_id, result, now=now, shows_cards=False)
    return result.is_changed
