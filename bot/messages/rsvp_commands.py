"""What the group reads of an answer by command, where a reaction does not do."""

from __future__ import annotations

from bot.messages.events import answered
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Safe, Voice
from models.domain.events.seats import Answered


def which(voice: Voice, *, link: str, has_any: bool) -> Outgoing:
    """Nobody knows which event is meant; the link leads to the private list, where each has a number."""
    if not has_any:
        return Outgoing(voice.say("events.list_empty"))
    return Outgoing(voice.say("rsvps.which"), [[Button(voice.plain("rsvps.choose"), url=link)]])


def waitlisted(voice: Voice, result: Answered, *, link: str | None) -> Outgoing:
    """The place in the line; the link opens the private chat of somebody who could not be told of a free seat."""
    rows = [[Button(voice.plain("rsvps.tell_me"), url=link)]] if link else []
    return Outgoing(Safe(answered(voice, result)), rows)


def taken(voice: Voice, result: Answered) -> Outgoing:
    """The answer in words, without a sound."""
    return Outgoing(Safe(answered(voice, result)), is_silent=True)
