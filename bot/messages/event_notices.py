"""What members are told about an event of theirs: a seat, a reminder, a change."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from bot.callbacks import EventButton, RsvpButton
from bot.messages.event_clocks import by_event_clock
from bot.messages.events import link, place_name
from bot.messages.outgoing import Button, Outgoing
from bot.messages.times import moment, when
from bot.texts import Safe, Voice
from bot.texts.render import own_lines, tidy
from models.domain.events.wishes import Wish
from models.tables.event import Event, RsvpStatus
from models.tables.member import Member

# So long before the start it is "in an hour".
ABOUT_AN_HOUR = timedelta(minutes=50)


def promotion(voice: Voice, event: Event, *, until: datetime) -> Outgoing:
    """A seat is held for the reader until then."""
    text = voice.say(
        "events.promoted",
        title=event.title,
        when=_when(voice, event),
        until=when(by_event_clock(voice, event), until),
    )
    return Outgoing(text, [_seat_row(voice, event.id)])


def promoted_in_group(voice: Voice, event: Event, member: Member, *, until: datetime) -> Outgoing:
    """The same to somebody who cannot be written to, where the group sees it."""
    text = voice.say(
        "events.promoted_group",
        mention=mention(member),
        title=event.title,
        until=when(by_event_clock(voice, event), until),
    )
    return Outgoing(text, [_seat_row(voice, event.id)])


def mention(member: Member) -> Safe:
    """The member's name as a link that notifies them."""
    return Safe(f'<a href="tg://user?id={member.telegram_id}">{escape(tidy(member.name), quote=False)}</a>')


def _seat_row(voice: Voice, event_id: int) -> list[Button]:
    return [
        Button(voice.plain("events.take_seat"), data=RsvpButton(event_id, Wish.KEEP).pack()),
        Button(voice.plain("events.leave_seat"), data=RsvpButton(event_id, Wish.RELEASE).pack()),
    ]


def lapse(voice: Voice, event: Event) -> Outgoing:
    """The seat that was held went on."""
    return Outgoing(voice.say("events.lapsed", title=event.title))


def still_coming(voice: Voice, event: Event, *, is_silent: bool = False) -> Outgoing:
    """A day before."""
    text = voice.say("events.still_coming", title=event.title, when=_when(voice, event))
    return Outgoing(_with_place(voice, event, text), [_keep_row(voice, event.id)], is_silent)


def soon(voice: Voice, event: Event, *, leaves_at: datetime, is_silent: bool = False) -> Outgoing:
    """An hour before, or as soon as the reader's night allows."""
    key = "in_an_hour" if event.starts_at - leaves_at >= ABOUT_AN_HOUR else "soon"
    text = voice.say(f"events.{key}", title=event.title, when=_when(voice, event))
    return Outgoing(_with_place(voice, event, text), is_silent=is_silent)


def move(voice: Voice, event: Event) -> Outgoing:
    """It takes place at another time; to those who have a seat."""
    text = voice.say("events.moved", title=event.title, when=_when(voice, event))
    return Outgoing(text, [_keep_row(voice, event.id)])


def moved_without_seat(voice: Voice, event: Event, *, status: RsvpStatus) -> Outgoing:
    """The same to those who may come or wait: they have no seat to keep or to give back."""
    text = voice.say(f"events.moved_{status}", title=event.title, when=_when(voice, event))
    come, cannot = _seat_row(voice, event.id)
    return Outgoing(text, [[come, cannot] if status == RsvpStatus.MAYBE else [cannot]])


def change(voice: Voice, event: Event, *, what: str | None) -> Outgoing:
    """Something else than the time is different; `what` is the new value, None for the place."""
    value = what or place_name(voice, event.place, event.position) or "-"
    return Outgoing(voice.say("events.changed", title=event.title, what=value))


def from_host(voice: Voice, event: Event, *, host: str, words: str) -> Outgoing:
    """A host's own words to those who are going."""
    return Outgoing(voice.say("events.from_host", title=event.title, host=host, words=own_lines(words)))


def co_host_joined(voice: Voice, event: Event, *, name: str) -> Outgoing:
    """Somebody followed the host's link."""
    return Outgoing(voice.say("events.co_host_joined", title=event.title, name=name))


def made_co_host(voice: Voice, event: Event, *, name: str) -> Outgoing:
    """A host asked for their help."""
    return Outgoing(voice.say("events.made_co_host", title=event.title, name=name))


def card_deleted(voice: Voice, event: Event, *, chat: str | None) -> Outgoing:
    """Somebody deleted the card once more: shall it come back?"""
    row = [
        Button(voice.plain(f"events.{key}"), data=EventButton(action, event.id).pack())
        for key, action in (("post_again", "post_card"), ("manage", "manage"))
    ]
    return Outgoing(voice.say("events.card_deleted", title=event.title, chat=chat or "-"), [row])


def called_off(voice: Voice, event: Event) -> Outgoing:
    """It does not take place."""
    when_ = _when(voice, event)
    return Outgoing(voice.say("events.called_off", title=event.title, when=when_))


def series_called_off(voice: Voice, event: Event) -> Outgoing:
    """Neither this one takes place nor any after it."""
    when_ = _when(voice, event)
    return Outgoing(voice.say("events.series_called_off", title=event.title, when=when_))


def held_until(voice: Voice, event: Event, until: datetime) -> str:
    """Plain: how long a seat is held."""
    return voice.plain("events.you_claiming", when=moment(by_event_clock(voice, event), until))


def _keep_row(voice: Voice, event_id: int) -> list[Button]:
    return [
        Button(voice.plain("events.keep_seat"), data=RsvpButton(event_id, Wish.KEEP).pack()),
        Button(voice.plain("events.release_seat"), data=RsvpButton(event_id, Wish.RELEASE).pack()),
    ]


def _when(voice: Voice, event: Event) -> Safe:
    return when(by_event_clock(voice, event), event.starts_at, event.ends_at)


def _with_place(voice: Voice, event: Event, text: Safe) -> Safe:
    name = place_name(voice, event.place, event.position)
    place = voice.say("events.place", place=name) if name else None
    address = link(voice, event.link) if event.link else None
    return Safe("\n".join(part for part in (text, place, address) if part))
