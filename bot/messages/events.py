"""An event as its card, as a preview, in lists; and how a line that made no event is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote_plus, urlsplit

from bot.callbacks import CreatorsButton, EventButton, RsvpButton
from bot.messages.event_clocks import by_event_clock
from bot.messages.outgoing import LONGEST_CAPTION, LONGEST_TEXT, Button, Outgoing, cut, lines, shown_length
from bot.messages.times import day, when
from bot.texts import Safe, Voice
from bot.texts.render import own_lines, tidy
from models.domain.events.cards import EventView
from models.domain.events.seats import Seating
from models.domain.events.wishes import Wish
from models.domain.members.rights import Creators
from models.reading.positions import Position
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus

LONGEST_NAME, MOST_HOSTS = 30, 3
# Where people meet without going anywhere, as the whole name of a place or at its beginning.
_ONLINE = re.compile(
    r"^\s*(?:(?:on|via|over|by|in)\s+)?(?:(?:a|the|our|this)\s+)?"
    r"(?:online|virtual(?:ly)?|remote(?:ly)?|zoom|google meet|(?:ms |microsoft )?teams|skype|discord|webinar|video ?call|jitsi"
    r"|whereby|webex|slack|telegram|voice ?chat|clubhouse|wechat|feishu|gather(?:\.town|town)?|youtube|twitch|live ?stream)\b"
    r"(?!\s+(?:cafe|café|bar|hotel|park|street|st\b|club|house|room))"
    r"|^\s*在?(?:线上|網上|网上|远程|遠端|腾讯会议|騰訊會議|飞书|钉钉|企业微信|微信|直播|语音|视频会议|视频号|电话会议|群里|本群)",
    re.IGNORECASE,
)


def card(voice: Voice, view: EventView) -> Outgoing:
    """The event in the group, with counts, names and the buttons that answer it; under a picture it fits a caption."""
    view_shown = _in_a_caption(voice, view) if view.has_picture else view
    return Outgoing(_card_text(voice, view_shown), _rows(voice, view))


def _card_text(voice: Voice, view: EventView) -> Safe:
    return lines(*about(voice, view), "", *standing_lines(voice, view))


def _in_a_caption(voice: Voice, view: EventView) -> EventView:
    """The same with a description of what room is left; where even names and place are endless, without them."""
    bare = replace(view, description=None)
    for without in ({}, {"names": ()}, {"names": (), "hosts": ()}, {"names": (), "hosts": (), "place": None}):
        shorter = replace(bare, **without)
        # Two line ends part the description from the rest.
        room = LONGEST_CAPTION - shown_length(_card_text(voice, shorter)) - 2
        if room > 0:
            break
    return replace(shorter, description=cut(view.description, room) if view.description and room > 0 else None)


def preview(voice: Voice, view: EventView, *, unread: Safe | None = None) -> Outgoing:
    """What the card will look like, for its creator; with what of their line was not used."""
    row = [
        Button(voice.plain(f"events.{action}"), data=EventButton(action, view.id).pack())
        for action in ("publish", "edit", "drop")
    ]
    view_shown = _in_a_caption(voice, view) if view.has_picture else view
    text = lines(
        voice.say("events.preview"),
        "",
        *about(voice, view_shown),
        "",
        _seats_line(voice, view),
        unlisted_line(voice, view),
        "",
        unread,
        voice.say("events.preview_footer"),
    )
    return Outgoing(text, [row])


def put_aside(voice: Voice, event: Event) -> Outgoing:
    """What is left of a preview when its host planned another event before publishing this one."""
    row = [
        Button(voice.plain(f"events.{action}"), data=EventButton(action, event.id).pack())
        for action in ("publish", "drop")
    ]
    when_ = when(by_event_clock(voice, event), event.starts_at, event.ends_at)
    text = voice.say("events.put_aside", title=event.title, when=when_)
    return Outgoing(text, [row])


def explain(voice: Voice, *, link: str, community_id: int, creators: Creators, is_admin: bool) -> Outgoing:
    """/event alone: the line to write, the way to the questions in private, and for admins who may plan."""
    rows = [[Button(voice.plain("events.guided"), url=link)]]
    if is_admin:
        other = Creators.ADMINS if creators == Creators.EVERYONE else Creators.EVERYONE
        data = CreatorsButton(community_id, other).pack()
        rows.append([Button(voice.plain(f"events.creators.{other}"), data=data)])
    now = voice.say(f"events.creators_now.{creators}")
    return Outgoing(lines(voice.say("events.explain"), "", now), rows)


def answer(voice: Voice, result: Seating) -> str:
    """The presser's own standing, as the answer to the press."""
    if result.status == RsvpStatus.WAITLISTED:
        return voice.plain("events.you_waitlisted", n=result.position)
    if result.status == RsvpStatus.GOING and result.guests:
        return voice.plain("events.you_going_guests", n=result.guests)
    return voice.plain(f"events.you_{result.status}")


def standing(voice: Voice, rsvp: Rsvp, *, position: int | None = None) -> str | None:
    """A member's own answer in one short sentence; None when there is nothing to say."""
    if rsvp.status == RsvpStatus.GOING and rsvp.guests:
        return voice.plain("events.you_going_guests", n=rsvp.guests)
    if rsvp.status == RsvpStatus.WAITLISTED:
        return (
            voice.plain("events.you_waitlisted_short", n=position) if position else voice.plain("events.waitlist", n="")
        )
    is_answer = rsvp.status not in (RsvpStatus.WITHDRAWN, RsvpStatus.NONE)
    return voice.plain(f"events.you_{rsvp.status}") if is_answer else None


def about(voice: Voice, view: EventView) -> list[Safe | str]:
    """Title, time, place, hosts and description: what holds whoever comes."""
    voice = by_event_clock(voice, view)
    parts: list[Safe | str] = [voice.say("events.list_item", title=view.title)]
    if view.status == EventStatus.CANCELLED:
        parts.insert(0, voice.say("events.cancelled"))
    parts.append(Safe(f"🗓 {when(voice, view.starts_at, view.ends_at, has_year=True)}"))
    if view.repeats:
        parts.append(_repeats(voice, view.repeats))
    parts += _where(voice, view)
    if view.hosts:
        hosts = voice.together(_short(view.hosts[:MOST_HOSTS]))
        parts.append(voice.say("events.hosted_by", hosts=hosts))
    if view.description:
        # It stands alone, not inside a sentence of ours: a paragraph may be long.
        parts += ["", own_lines(view.description, longest=LONGEST_TEXT)]
    return parts


def _repeats(voice: Voice, rule: Mapping[str, Any]) -> Safe:
    """How often, and until when: the last day, or how many there are."""
    every = voice.say(f"events.repeats.{rule['every']}", n=rule["interval"])
    if rule.get("until"):
        last = datetime.fromisoformat(rule["until"]).astimezone(voice.zone)
        return voice.say("events.repeats_until", every=every, day=day(voice, last, has_year=True))
    if rule.get("count"):
        return voice.say("events.repeats_times", every=every, n=rule["count"])
    return every


def _where(voice: Voice, view: EventView) -> list[Safe]:
    parts: list[Safe] = []
    place = place_name(voice, view.place, view.position)
    if place and (view.position or not (view.link or is_online(place))):
        address = Safe(escape(_map_address(voice, place, view.position)))
        parts.append(voice.say("events.place_link", place=place, address=address))
    elif place:
        parts.append(voice.say("events.place", place=place))
    if view.link:
        parts.append(link(voice, view.link))
    return parts


def place_name(voice: Voice, place: str | None, position: object | None) -> str | None:
    """How the place is called; a bare point on the map has a name in the reader's language."""
    return place or (voice.plain("events.on_the_map") if position else None)


def is_online(place: str) -> bool:
    """True for a place that no map knows: "Zoom", "online", 腾讯会议."""
    return _ONLINE.search(place) is not None


def _map_address(voice: Voice, place: str, position: Position | None) -> str:
    if position is None:
        return voice.maps.by_name.format(place=quote_plus(place))
    point = {"latitude": f"{position.latitude:.6f}", "longitude": f"{position.longitude:.6f}"}
    return voice.maps.by_point.format(place=quote_plus(place), **point)


def link(voice: Voice, address: str) -> Safe:
    """An address as a short link that shows where it leads."""
    host = urlsplit(address).hostname or address
    return voice.say("events.link", address=Safe(escape(address)), host=host)


def _short(names: Sequence[str]) -> list[str]:
    return [tidy(name)[:LONGEST_NAME] for name in names]


def standing_lines(voice: Voice, view: EventView) -> list[Safe]:
    """Who comes so far, and what holds for answers."""
    voice = by_event_clock(voice, view)
    parts = [_seats_line(voice, view)]
    if view.names:
        n_more = view.n_going - len(view.names)
        more = [voice.plain("events.names_more", n=n_more)] if n_more > 0 else []
        parts.append(voice.say("events.names", names=voice.together([*_short(view.names), *more])))
    if view.is_over and view.status == EventStatus.PUBLISHED:
        parts.append(voice.say("events.over"))
    elif view.is_closed and view.status == EventStatus.PUBLISHED:
        parts.append(voice.say("events.closed"))
    elif view.rsvp_until and view.status == EventStatus.PUBLISHED:
        until = when(voice, view.rsvp_until)
        parts.append(voice.say("events.rsvp_until", when=until))
    return parts


def unlisted_line(voice: Voice, view: EventView) -> Safe | None:
    """For hosts: who may come across the event, where that is not everyone."""
    return voice.say("events.unlisted") if view.is_unlisted else None


def _seats_line(voice: Voice, view: EventView) -> Safe:
    going = voice.say("events.going", n=view.n_going)
    if view.capacity is not None:
        going = voice.say("events.going_of", n=view.n_going, capacity=view.capacity)
    counts = [going]
    counts += [voice.say("events.maybe", n=view.n_maybe)] if view.n_maybe else []
    counts += [voice.say("events.waitlist", n=view.n_waitlisted)] if view.n_waitlisted else []
    return Safe(" · ".join(counts))


def answer_row(voice: Voice, event_id: int) -> list[Button]:
    """Going, maybe, can't."""
    return [
        Button(voice.plain(f"events.button_{wish}"), data=RsvpButton(event_id, wish).pack())
        for wish in (Wish.GOING, Wish.MAYBE, Wish.NOT_GOING)
    ]


def _rows(voice: Voice, view: EventView) -> list[list[Button]]:
    if view.status != EventStatus.PUBLISHED or view.is_over:
        return []
    second = [
        Button(voice.plain("events.button_remind"), data=EventButton("open", view.id).pack()),
        Button(voice.plain("events.button_manage"), data=EventButton("manage", view.id).pack()),
    ]
    if view.plus_ones:
        second.insert(0, Button(voice.plain("events.button_guest"), data=RsvpButton(view.id, Wish.GUEST).pack()))
    return [answer_row(voice, view.id), second]


def private_view(
    voice: Voice,
    view: EventView,
    *,
    own: str | None,
    links: Sequence[tuple[str, str]] = (),
    has_ticket: bool = False,
    is_host: bool = False,
) -> Outgoing:
    """One event in private: everything the card says, the reader's own standing, and links that add it to a calendar."""
    text = lines(
        *about(voice, view),
        "",
        *standing_lines(voice, view),
        *(["", Safe(f"<b>{own}</b>")] if own else []),
    )
    wheel = Button(voice.plain("events.button_manage"), data=EventButton("manage", view.id).pack())
    if view.status != EventStatus.PUBLISHED or view.is_over:
        return Outgoing(text, [[wheel]] if is_host and view.status == EventStatus.PUBLISHED else [])
    file = Button(voice.plain("calendars.file"), data=EventButton("file", view.id).pack())
    calendars = [file, *(Button(label, url=address) for label, address in links)]
    rows = [answer_row(voice, view.id), calendars]
    if has_ticket:
        rows.append([Button(voice.plain("check_ins.ticket"), data=EventButton("ticket", view.id).pack())])
    return Outgoing(text, [*rows, [wheel]] if is_host else rows)
