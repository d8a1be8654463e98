"""/rsvp: an answer in words, for whoever prefers them, and while no button lives: Telegram keeps a press for 150 s only,
a command for a day.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Message, Update

from bot import event_posts
from bot.context import BotContext, Scene
from bot.handlers import event_lists, rsvps
from bot.messages import events as event_messages
from bot.messages import rsvp_commands as messages
from bot.messages.outgoing import Outgoing, lines
from models.domain import consent, deliveries, event_cards, events, seats
from models.domain.rsvp_words import RsvpWords, read_rsvp_words
from models.domain.seat_wishes import AnswerRefused
from models.domain.seats import Answered
from models.tables.event import Event

# Said in words an answer is set, never toggled: a command that comes twice changes nothing.
WISHES = {"going": "keep", "maybe": "consider", "not_going": "release"}


class WhichEvent(Exception):
    """The words do not lead to one event; `answer` asks on."""

    def __init__(self, answer: Outgoing) -> None:
        super().__init__(answer.text)
        self.answer = answer


async def answer(update: Update, context: BotContext) -> None:
    """/rsvp alone or with words: to the card it replies to, to the event it names, or to the only one there is."""
    message = update.effective_message
    if message is None:
        return
    words = read_rsvp_words("".join((message.text or "").split(maxsplit=1)[1:]))
    async with context.scene(update) as scene:
        if scene.member is None:
            await scene.reply(Outgoing(scene.say("rsvps.unknown_sender")))
            return
        try:
            event = await _replied_to(scene, message) or await _named(scene, words)
        except WhichEvent as unclear:
            await scene.reply(unclear.answer)
            return
        await _answer(scene, message, event, words)


async def _replied_to(scene: Scene, message: Message) -> Event | None:
    """The event whose card the command replies to."""
    if message.reply_to_message is None:
        return None
    address = message.chat.id, message.reply_to_message.message_id
    cards = await event_cards.events_of_messages(scene.session, [address])
    return await scene.session.get(Event, cards[address]) if address in cards else None


async def _named(scene: Scene, words: RsvpWords) -> Event:
    """The one event that the words mean. Raises WhichEvent."""
    coming = await _coming(scene)
    if words.number is not None:
        coming = coming[words.number - 1 : words.number] if words.number else []
    elif words.title is not None:
        coming = [event for event in coming if words.title in event.title.casefold()]
    if len(coming) == 1:
        return coming[0]
    if not coming:
        is_named = words.number is not None or words.title is not None
        raise WhichEvent(Outgoing(scene.say("rsvps.no_such" if is_named else "rsvps.nothing")))
    raise WhichEvent(await _ask_which(scene))


async def _coming(scene: Scene) -> list[Event]:
    """What is coming up here, in the order and number in which /events lists it."""
    if scene.is_private:
        ids = [community.id for community in await consent.communities_of(scene.session, scene.actor.id)]
    else:
        ids = [scene.community.id] if scene.community else []
    return await events.upcoming(scene.session, ids, now=scene.now, limit=event_lists.MOST_LISTED)


async def _ask_which(scene: Scene) -> Outgoing:
    texts, language = scene.services.texts, scene.language
    if scene.is_private or scene.community is None:
        listed = await event_lists.own_list(scene, "all")
        return replace(listed, text=lines(listed.text, "", scene.say("rsvps.which_private")))
    return messages.which(texts, language, link=await event_lists.link_to_list(scene, scene.community))


async def _answer(scene: Scene, message: Message, event: Event, words: RsvpWords) -> None:
    guests = words.guests if words.status == "going" else None
    try:
        result = await seats.answer(
            scene.session, event.id, scene.actor.id, WISHES[words.status], now=scene.now, guests=guests
        )
    except AnswerRefused as refused:
        await _say(scene, message, scene.services.texts.plain(scene.language, f"events.refused.{refused.code}"))
        return
    await event_posts.spread_answer(scene.services, scene.session, event, scene.actor.id, result, now=scene.now)
    if scene.is_private:
        await scene.reply(await rsvps.private_view(scene, event))
    else:
        await _receipt(scene, message, event, result)


async def _receipt(scene: Scene, message: Message, event: Event, result: Answered) -> None:
    """In the group a reaction is enough, for the card shows the rest; a place in the line takes a sentence."""
    if result.status != "waitlisted":
        payload = messages.receipt(message.message_id, is_going=result.status == "going")
        await deliveries.queue(
            scene.session, "reply", now=scene.now, method="setMessageReaction", payload=payload, chat_id=scene.chat_id
        )
        return
    link = None if scene.actor.is_reachable else await rsvps.link_to_event(scene, event)
    await _say(scene, message, event_messages.answered(scene.services.texts, scene.language, result), link=link)


async def _say(scene: Scene, message: Message, words: str, *, link: str | None = None) -> None:
    said = messages.standing(scene.services.texts, scene.language, words, message_id=message.message_id, link=link)
    await scene.reply(said)
