"""/rsvp: an answer by command, since a press lives 150 s while the bot is away and a command a day."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram import Message, Update

from bot.handlers import event_lists, rsvps
from bot.messages import rsvp_commands as messages
from bot.messages.outgoing import Outgoing
from bot.notices import event_answers
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import cards, events, seats
from models.domain.events.seats import Seating
from models.domain.events.seen_lists import EventFilter
from models.domain.events.wishes import AnswerRefused
from models.domain.sending import deliveries
from models.reading.rsvp_words import AnswerInWords, read_answer
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.event import Event, RsvpStatus
from models.tables.member import LinkAction

# Telegram offers both in every chat whose administrators allow reactions.
TAKEN_GOING, TAKEN = "👍", "👌"
# A receipt that comes later than the next look at the card is of no use.
RECEIPT_LIFETIME = timedelta(minutes=10)


async def rsvp(update: Update, context: BotContext) -> None:
    """/rsvp with or without words. Said twice it changes nothing."""
    message = update.effective_message
    if message is None:
        return
    words = "".join((message.text or "").split(maxsplit=1)[1:])
    async with context.scene(update) as scene:
        wish = read_answer(words)
        if scene.member is None:
            await _tell(scene, message, "rsvps.not_a_person")
        elif wish is None or (wish.number is not None and not scene.is_private):
            await _tell(scene, message, "rsvps.not_understood" if scene.is_private else "rsvps.not_understood_here")
        else:
            event = await (_only_event(scene, wish) if scene.is_private else _event_meant(scene, message))
            if event is not None:
                await _answer(scene, message, event, wish)


async def _tell(scene: Scene, message: Message, key: str, **values: object) -> None:
    """One sentence; in a group it replies to the command, so that everyone sees whom it is for."""
    reply_to = None if scene.is_private else message.message_id
    await scene.reply(Outgoing(scene.answer_voice.say(key, **values)), to_message_id=reply_to)


async def _event_meant(scene: Scene, message: Message) -> Event | None:
    """The event of the card that the command replies to, else the only one this group sees; None: it was asked about."""
    if scene.community is None or scene.chat is None:
        await _tell(scene, message, "errors.no_community")
        return None
    if message.reply_to_message is not None:
        address = (scene.chat.telegram_id, message.reply_to_message.message_id)
        event_id = (await cards.events_of_messages(scene.session, {address})).get(address)
        if event_id is not None:
            return await scene.session.get(Event, event_id)
    coming = await event_lists.events_here(scene, scene.community)
    # A reply to a message of another chat means something there, not what happens to be planned here.
    if len(coming) == 1 and message.external_reply is None:
        return coming[0]
    await _offer_choice(scene, message, scene.community, has_any=bool(coming))
    return None


async def _offer_choice(scene: Scene, message: Message, community: Community, *, has_any: bool) -> None:
    link = await scene.link(LinkAction.EVENTS, community_id=community.id)
    choice = messages.which(scene.answer_voice, link=link, has_any=has_any)
    await scene.reply(choice, to_message_id=message.message_id)


async def _only_event(scene: Scene, wish: AnswerInWords) -> Event | None:
    """The event with this number in the list that the member saw last, without one the only event; None: it was asked."""
    coming = (await event_lists.events_for_me(scene))[: event_lists.MOST_LISTED]
    if wish.number is None and len(coming) == 1:
        return coming[0]
    meant = await event_lists.event_of_number(scene, wish.number) if wish.number else None
    if meant is not None:
        return await scene.session.get(Event, meant.id)
    # Another event has the number by now, or none: what they meant is not known.
    is_in_list = wish.number is not None and wish.number <= len(coming)
    key = "which_number" if wish.number is None else "stale_number" if is_in_list else "no_such_number"
    lead = scene.answer_voice.say(f"rsvps.{key}", number=wish.number or 0) if coming else None
    await event_lists.show_own(scene, EventFilter.ALL, lead=lead)
    return None


async def _answer(scene: Scene, message: Message, event: Event, wish: AnswerInWords) -> None:
    """Take the answer, and say so where it was given."""
    who = scene.actor.id
    try:
        guests = None if _means_me_too(message, event, wish) else wish.guests
        before = (await events.own_answers(scene.session, who, [event.id])).get(event.id)
        undo = messages.undoing(before.status if before else RsvpStatus.NONE)
        result = await seats.state(scene.session, event.id, who, wish.answer, guests=guests, now=scene.now)
    except AnswerRefused as refused:
        await _tell(scene, message, f"events.refused.{refused.code}", n=refused.n)
        return
    await event_answers.spread(scene.services, scene.session, event, who, result, now=scene.now)
    if scene.is_private:
        shown = await rsvps.private_view(scene, event)
        await scene.reply(messages.taken_privately(scene.voice, shown, event.id, undo if result.is_changed else None))
    elif result.status == RsvpStatus.WAITLISTED:
        await _tell_position(scene, message, event, result)
    else:
        await _acknowledge(scene, message, event, result)


def _means_me_too(message: Message, event: Event, wish: AnswerInWords) -> bool:
    """ "+1" where nobody may bring anybody: one more who comes."""
    return not event.plus_ones and wish.guests == 1 and re.search(r"\+\s?1(?![0-9])", message.text or "") is not None


async def _tell_position(scene: Scene, message: Message, event: Event, result: Seating) -> None:
    # Only in private can we say when a seat is free.
    link = None if scene.actor.is_reachable else await rsvps.link_to_event(scene, event)
    waiting = messages.waitlist_answer(scene.answer_voice, result, link=link)
    await scene.reply(waiting, to_message_id=message.message_id)


async def _acknowledge(scene: Scene, message: Message, event: Event, result: Seating) -> None:
    """A reaction on the command: the group reads no further message; silent words where reactions are not allowed."""
    text = messages.answer_taken(scene.answer_voice, result)
    emoji = TAKEN_GOING if result.status == RsvpStatus.GOING else TAKEN
    await deliveries.queue(
        scene.session,
        DeliveryKind.RECEIPT,
        now=scene.now,
        method="setMessageReaction",
        payload={"message_id": message.message_id, "reaction": [{"type": "emoji", "emoji": emoji}]},
        instead=text.payload(reply_to=message.message_id),
        chat_id=scene.chat_id,
        thread_id=scene.thread_id,
        community_id=event.community_id,
        expires_at=scene.now + RECEIPT_LIFETIME,
    )
