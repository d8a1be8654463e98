"""What is said to an answer by command: in the group where a reaction does not do, in private with the way back."""

from __future__ import annotations

from dataclasses import replace

from bot.callbacks import RsvpButton
from bot.messages.events import answer
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Safe, Voice
from models.domain.events.seats import Seating
from models.domain.events.wishes import Wish
from models.tables.event import IS_IN, RsvpStatus


def which(voice: Voice, *, link: str, has_any: bool) -> Outgoing:
    """Nobody knows which event is meant; the link leads to the private list, where each has a number."""
    if not has_any:
        return Outgoing(voice.say("events.list_empty"))
    return Outgoing(voice.say("rsvps.which"), [[Button(voice.plain("rsvps.choose"), url=link)]])


def waitlist_answer(voice: Voice, result: Seating, *, link: str | None) -> Outgoing:
    """The place in the line; the link opens the private chat of somebody who could not be told of a free seat."""
    rows = [[Button(voice.plain("rsvps.tell_me"), url=link)]] if link else []
    return Outgoing(Safe(answer(voice, result)), rows)


def undoing(before: RsvpStatus) -> Wish:
    """What takes an answer back to what held before it."""
    wishes = {RsvpStatus.MAYBE: Wish.MAYBE, RsvpStatus.NOT_GOING: Wish.NOT_GOING}
    return Wish.GOING if before in IS_IN else wishes.get(before, Wish.WITHDRAW)


def taken_privately(voice: Voice, screen: Outgoing, event_id: int, undo: Wish | None) -> Outgoing:
    """The event that was answered, with its time and place; a number is easily mistyped: one tap takes the answer back."""
    if undo is None:
        return screen
    button = Button(voice.plain("rsvps.undo"), data=RsvpButton(event_id, undo).pack())
    return replace(screen, rows=[[button], *screen.rows])


def answer_taken(voice: Voice, result: Seating) -> Outgoing:
    """The answer in words, without a sound."""
    return Outgoing(Safe(answer(voice, result)), is_silent=True)
