"""What members are told about an event of theirs: a seat, a reminder, a change."""

from __future__ import annotations

from datetime import datetime
from html import escape

from bot.callbacks import RsvpButton
from bot.messages.events import link, place_name
from bot.messages.outgoing import Button, Outgoing
from bot.messages.times import moment, when
from bot.texts import Safe, Texts
from bot.texts.render import tidy
from models.tables.event import Event
from models.tables.member import Member


def promoted(texts: Texts, language: str, event: Event, *, until: datetime, zone: str) -> Outgoing:
    """A seat is held for the reader until then."""
    text = texts.say(
        language,
        "events.promoted",
        title=event.title,
        when=_when(texts, language, event, zone),
        until=when(texts, language, until, None, zone),
    )
    return Outgoing(text, [_seat_row(texts, language, event.id)])


def promoted_in_group(texts: Texts, language: str, event: Event, member: Member, *, until: datetime) -> Outgoing:
    """The same to somebody who cannot be written to, where the group sees it."""
    text = texts.say(
        language,
        "events.promoted_group",
        mention=mention(member),
        title=event.title,
        until=when(texts, language, until, None, event.time_zone),
    )
    return Outgoing(text, [_seat_row(texts, language, event.id)])


def mention(member: Member) -> Safe:
    """The member's name as a link that notifies them."""
    return Safe(f'<a href="tg://user?id={member.telegram_id}">{escape(tidy(member.name), quote=False)}</a>')


def _seat_row(texts: Texts, language: str, event_id: int) -> list[Button]:
    return [
        Button(texts.plain(language, "events.take_seat"), data=RsvpButton(event_id, "keep").pack()),
        Button(texts.plain(language, "events.leave_seat"), data=RsvpButton(event_id, "release").pack()),
    ]


def lapsed(texts: Texts, language: str, event: Event, *, zone: str) -> Outgoing:
    """The seat that was held went on."""
    return Outgoing(texts.say(language, "events.lapsed", title=event.title))


def still_coming(texts: Texts, language: str, event: Event, *, zone: str, is_silent: bool = False) -> Outgoing:
    """A day before."""
    text = texts.say(language, "events.still_coming", title=event.title, when=_when(texts, language, event, zone))
    return Outgoing(_with_place(texts, language, event, text), [_keep_row(texts, language, event.id)], is_silent)


def soon(texts: Texts, language: str, event: Event, *, zone: str, is_silent: bool = False) -> Outgoing:
    """An hour before."""
    text = texts.say(language, "events.soon", title=event.title, when=_when(texts, language, event, zone))
    return Outgoing(_with_place(texts, language, event, text), is_silent=is_silent)


def moved(texts: Texts, language: str, event: Event, *, zone: str) -> Outgoing:
    """It takes place at another time."""
    text = texts.say(language, "events.moved", title=event.title, when=_when(texts, language, event, zone))
    return Outgoing(text, [_keep_row(texts, language, event.id)])


def changed(texts: Texts, language: str, event: Event, *, zone: str, what: str | None) -> Outgoing:
    """Something else than the time is different; `what` is the new value, None for the place."""
    value = what or place_name(texts, language, event.place, event.position) or "-"
    return Outgoing(texts.say(language, "events.changed", title=event.title, what=value))


def from_host(texts: Texts, language: str, event: Event, *, zone: str, host: str, words: str) -> Outgoing:
    """A host's own words to those who are going."""
    body = Safe("\n".join(escape(tidy(line), quote=False) for line in words.splitlines()))
    return Outgoing(texts.say(language, "events.from_host", title=event.title, host=host, words=body))


def co_host_joined(texts: Texts, language: str, event: Event, *, zone: str, name: str) -> Outgoing:
    """Somebody followed the host's link."""
    return Outgoing(texts.say(language, "events.co_host_joined", title=event.title, name=name))


def called_off(texts: Texts, language: str, event: Event, *, zone: str) -> Outgoing:
    """It does not take place."""
    when_ = _when(texts, language, event, zone)
    return Outgoing(texts.say(language, "events.called_off", title=event.title, when=when_))


def held_until(texts: Texts, language: str, until: datetime, *, zone: str) -> str:
    """Plain: how long a seat is held."""
    return texts.plain(language, "events.you_claiming", when=moment(texts, language, until, zone))


def _keep_row(texts: Texts, language: str, event_id: int) -> list[Button]:
    return [
        Button(texts.plain(language, "events.keep_seat"), data=RsvpButton(event_id, "keep").pack()),
        Button(texts.plain(language, "events.release_seat"), data=RsvpButton(event_id, "release").pack()),
    ]


def _when(texts: Texts, language: str, event: Event, zone: str) -> Safe:
    return when(texts, language, event.starts_at, event.ends_at, zone)


def _with_place(texts: Texts, language: str, event: Event, text: Safe) -> Safe:
    name = place_name(texts, language, event.place, event.position)
    place = texts.say(language, "events.place", place=name) if name else None
    address = link(texts, language, event.link) if event.link else None
    return Safe("\n".join(part for part in (text, place, address) if part))
