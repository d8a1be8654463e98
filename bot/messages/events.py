"""An event as its card, as a preview, in lists; and how a line that made no event is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from html import escape
from typing import Any
from urllib.parse import quote_plus, urlsplit

from bot.callbacks import CreatorsButton, EventButton, RsvpButton
from bot.messages.outgoing import LONGEST_CAPTION, LONGEST_TEXT, Button, Outgoing, cut, lines, shown_length
from bot.messages.times import day, moment, when
from bot.texts import Safe, Texts
from bot.texts.render import tidy
from models.domain.events.cards import EventView
from models.domain.events.seats import Answered
from models.domain.member_time import zone_of
from models.reading.event_draft import EventLineProblem
from models.reading.positions import Position
from models.tables.event import Rsvp

LONGEST_NAME, MOST_HOSTS = 30, 3
# Where a place is looked up; Google's maps are not reachable from mainland China.
MAPS = {
    "en": "https://www.google.com/maps/search/?api=1&query={place}",
    "zh": "https://uri.amap.com/search?keyword={place}",
}
# The same for a point. Amap wants the longitude first, and to be told that Telegram's points are not in China's own grid.
POINTS = {
    "en": "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}",
    "zh": "https://uri.amap.com/marker?position={longitude},{latitude}&name={place}&coordinate=wgs84",
}


def card(texts: Texts, language: str, view: EventView) -> Outgoing:
    """The event in the group, with counts, names and the buttons that answer it; under a picture it fits a caption."""
    shown = _in_a_caption(texts, language, view) if view.has_picture else view
    return Outgoing(_card_text(texts, language, shown), _rows(texts, language, view))


def _card_text(texts: Texts, language: str, view: EventView) -> Safe:
    return lines(*about(texts, language, view), "", *standing_lines(texts, language, view))


def _in_a_caption(texts: Texts, language: str, view: EventView) -> EventView:
    """The same with a description of what room is left; where even names and place are endless, without them."""
    bare = replace(view, description=None)
    for without in ({}, {"names": ()}, {"names": (), "hosts": ()}, {"names": (), "hosts": (), "place": None}):
        shorter = replace(bare, **without)
        # Two line ends part the description from the rest.
        room = LONGEST_CAPTION - shown_length(_card_text(texts, language, shorter)) - 2
        if room > 0:
            break
    return replace(shorter, description=cut(view.description, room) if view.description and room > 0 else None)


def preview(texts: Texts, language: str, view: EventView) -> Outgoing:
    """What the card will look like, for its creator."""
    row = [
        Button(texts.plain(language, f"events.{action}"), data=EventButton(action, view.id).pack())
        for action in ("publish", "edit", "drop")
    ]
    shown = _in_a_caption(texts, language, view) if view.has_picture else view
    text = lines(
        texts.say(language, "events.preview"),
        "",
        *about(texts, language, shown),
        "",
        _seats_line(texts, language, view),
        unlisted(texts, language, view),
        "",
        texts.say(language, "events.preview_footer"),
    )
    return Outgoing(text, [row])


def explain(
    texts: Texts, language: str, *, link: str, community_id: int, everyone_may: bool, is_admin: bool
) -> Outgoing:
    """/event alone: the line to write, the way to the questions in private, and for admins who may plan."""
    rows = [[Button(texts.plain(language, "events.guided"), url=link)]]
    if is_admin:
        other = "admins" if everyone_may else "everyone"
        data = CreatorsButton(community_id, other).pack()
        rows.append([Button(texts.plain(language, f"events.creators.{other}"), data=data)])
    now = texts.say(language, f"events.creators_now.{'everyone' if everyone_may else 'admins'}")
    return Outgoing(lines(texts.say(language, "events.explain"), "", now), rows)


def problem(texts: Texts, language: str, found: EventLineProblem, *, zone: str) -> Safe:
    """The one thing to ask about a line that made no event."""
    values: dict[str, str] = {"part": found.part, "example": texts.plain(language, "events.example")}
    if found.understood_at is not None:
        values["when"] = moment(texts, language, found.understood_at, zone, has_year=True)
    code: str = found.code
    if found.day is not None:
        values["day"] = day(texts, language, datetime.combine(found.day, time(), UTC))
        code = {"no_time": "no_time_on_day", "in_the_past": "day_in_the_past"}.get(code, code)
    return texts.say(language, f"events.problem.{code}", **values)


def answered(texts: Texts, language: str, result: Answered) -> str:
    """The presser's own standing, as the answer to the press."""
    if result.status == "waitlisted":
        return texts.plain(language, "events.you_waitlisted", n=result.position)
    if result.status == "going" and result.guests:
        return texts.plain(language, "events.you_going_guests", n=result.guests)
    return texts.plain(language, f"events.you_{result.status}")


def standing(texts: Texts, language: str, rsvp: Rsvp, *, position: int | None = None) -> str | None:
    """A member's own answer in one short sentence; None when there is nothing to say."""
    if rsvp.status == "going" and rsvp.guests:
        return texts.plain(language, "events.you_going_guests", n=rsvp.guests)
    if rsvp.status == "waitlisted":
        return (
            texts.plain(language, "events.you_waitlisted_short", n=position)
            if position
            else texts.plain(language, "events.waitlist", n="")
        )
    known = {"going": "you_going", "maybe": "you_maybe", "not_going": "you_not_going", "lapsed": "you_lapsed"}
    return texts.plain(language, f"events.{known[rsvp.status]}") if rsvp.status in known else None


def about(texts: Texts, language: str, view: EventView) -> list[Safe | str]:
    """Title, time, place, hosts and description: what holds whoever comes."""
    parts: list[Safe | str] = [texts.say(language, "events.list_item", title=view.title)]
    if view.status == "cancelled":
        parts.insert(0, texts.say(language, "events.cancelled"))
    parts.append(Safe(f"🗓 {when(texts, language, view.starts_at, view.ends_at, view.time_zone, has_year=True)}"))
    if view.repeats:
        parts.append(_repeats(texts, language, view.repeats, view.time_zone))
    parts += _where(texts, language, view)
    if view.hosts:
        parts.append(texts.say(language, "events.hosted_by", hosts=_named(view.hosts[:MOST_HOSTS])))
    if view.description:
        # It stands alone, not inside a sentence of ours: a paragraph may be long.
        words = (tidy(line, longest=LONGEST_TEXT) for line in view.description.splitlines())
        parts += ["", *(Safe(escape(line, quote=False)) for line in words)]
    return parts


def _repeats(texts: Texts, language: str, rule: Mapping[str, Any], zone: str) -> Safe:
    """How often, and until when: the last day of the event's own zone, or how many there are."""
    every = texts.say(language, f"events.repeats.{rule['every']}", n=rule["interval"])
    if rule.get("until"):
        last = datetime.fromisoformat(rule["until"]).astimezone(zone_of(zone))
        return texts.say(language, "events.repeats_until", every=every, day=day(texts, language, last, has_year=True))
    if rule.get("count"):
        return texts.say(language, "events.repeats_times", every=every, n=rule["count"])
    return every


def _where(texts: Texts, language: str, view: EventView) -> list[Safe]:
    found: list[Safe] = []
    place = place_name(texts, language, view.place, view.position)
    if place and (view.position or not view.link):
        address = Safe(escape(_map_address(language, place, view.position)))
        found.append(texts.say(language, "events.place_link", place=place, address=address))
    elif place:
        found.append(texts.say(language, "events.place", place=place))
    if view.link:
        found.append(link(texts, language, view.link))
    return found


def place_name(texts: Texts, language: str, place: str | None, position: object | None) -> str | None:
    """How the place is called; a bare point on the map has a name in the reader's language."""
    return place or (texts.plain(language, "events.on_the_map") if position else None)


def _map_address(language: str, place: str, position: Position | None) -> str:
    if position is None:
        return MAPS.get(language, MAPS["en"]).format(place=quote_plus(place))
    point = {"latitude": f"{position.latitude:.6f}", "longitude": f"{position.longitude:.6f}"}
    return POINTS.get(language, POINTS["en"]).format(place=quote_plus(place), **point)


def link(texts: Texts, language: str, address: str) -> Safe:
    """An address as a short link that shows where it leads."""
    host = urlsplit(address).hostname or address
    return texts.say(language, "events.link", address=Safe(escape(address)), host=host)


def _named(names: Sequence[str]) -> str:
    return ", ".join(tidy(name)[:LONGEST_NAME] for name in names)


def standing_lines(texts: Texts, language: str, view: EventView) -> list[Safe]:
    """Who comes so far, and what holds for answers."""
    parts = [_seats_line(texts, language, view)]
    if view.names:
        n_more = view.n_going - len(view.names)
        names = _named(view.names)
        key = "events.names_more" if n_more > 0 else "events.names"
        parts.append(texts.say(language, key, names=names, n=n_more))
    if view.is_over and view.status == "published":
        parts.append(texts.say(language, "events.over"))
    elif view.is_closed and view.status == "published":
        parts.append(texts.say(language, "events.closed"))
    elif view.rsvp_until and view.status == "published":
        until = when(texts, language, view.rsvp_until, None, view.time_zone)
        parts.append(texts.say(language, "events.rsvp_until", when=until))
    return parts


def unlisted(texts: Texts, language: str, view: EventView) -> Safe | None:
    """For hosts: who may come across the event, where that is not everyone."""
    return texts.say(language, "events.unlisted") if view.is_unlisted else None


def _seats_line(texts: Texts, language: str, view: EventView) -> Safe:
    going = texts.say(language, "events.going", n=view.n_going)
    if view.capacity is not None:
        going = texts.say(language, "events.going_of", n=view.n_going, capacity=view.capacity)
    counts = [going]
    counts += [texts.say(language, "events.maybe", n=view.n_maybe)] if view.n_maybe else []
    counts += [texts.say(language, "events.waitlist", n=view.n_waitlisted)] if view.n_waitlisted else []
    return Safe(" · ".join(counts))


def answer_row(texts: Texts, language: str, event_id: int) -> list[Button]:
    """Going, maybe, can't."""
    return [
        Button(texts.plain(language, f"events.button_{status}"), data=RsvpButton(event_id, status).pack())
        for status in ("going", "maybe", "not_going")
    ]


def _rows(texts: Texts, language: str, view: EventView) -> list[list[Button]]:
    if view.status != "published" or view.is_over:
        return []
    second = [
        Button(texts.plain(language, "events.button_remind"), data=EventButton("open", view.id).pack()),
        Button(texts.plain(language, "events.button_manage"), data=EventButton("manage", view.id).pack()),
    ]
    if view.plus_ones:
        second.insert(0, Button(texts.plain(language, "events.button_guest"), data=RsvpButton(view.id, "guest").pack()))
    return [answer_row(texts, language, view.id), second]


def private_view(
    texts: Texts,
    language: str,
    view: EventView,
    *,
    own: str | None,
    links: Sequence[tuple[str, str]] = (),
    has_ticket: bool = False,
    is_host: bool = False,
) -> Outgoing:
    """One event in private: everything the card says, the reader's own standing, and links that add it to a calendar."""
    text = lines(
        *about(texts, language, view),
        "",
        *standing_lines(texts, language, view),
        *(["", Safe(f"<b>{own}</b>")] if own else []),
    )
    wheel = Button(texts.plain(language, "events.button_manage"), data=EventButton("manage", view.id).pack())
    if view.status != "published" or view.is_over:
        return Outgoing(text, [[wheel]] if is_host and view.status == "published" else [])
    file = Button(texts.plain(language, "calendars.file"), data=EventButton("file", view.id).pack())
    calendars = [file, *(Button(label, url=address) for label, address in links)]
    rows = [answer_row(texts, language, view.id), calendars]
    if has_ticket:
        rows.append([Button(texts.plain(language, "check_ins.ticket"), data=EventButton("ticket", view.id).pack())])
    return Outgoing(text, [*rows, [wheel]] if is_host else rows)
