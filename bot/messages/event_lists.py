"""What is coming up: short in the group, with one's own answers and filters in private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.callbacks import EventButton, EventListButton
from bot.messages.event_clocks import by_event_clock
from bot.messages.events import place_name, standing
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import when
from bot.texts import Safe, Voice
from models.domain.events.cards import EventView
from models.domain.events.seen_lists import EventFilter
from models.tables.event import EventStatus, Rsvp

_TITLES = {EventFilter.HOSTING: "events.list_title_hosting"}


def event_list(voice: Voice, views: Sequence[EventView], *, link: str, hosting_link: str | None = None) -> Outgoing:
    """The group's list; the links lead to one's own answers, and to what one hosts."""
    hosting = [Button(voice.plain("events.filter.hosting"), url=hosting_link)] if hosting_link else []
    if not views:
        return Outgoing(voice.say("events.list_empty"), [hosting])
    text = _text(voice, views, {})
    return Outgoing(text, [[Button(voice.plain("events.list_private"), url=link)], hosting])


def private_event_list(
    voice: Voice,
    views: Sequence[EventView],
    *,
    own: Mapping[int, Rsvp],
    choice: EventFilter = EventFilter.ALL,
    note: Safe | None = None,
    is_host: bool = False,
) -> Outgoing:
    """The reader's list: their answers, a button for each event, the filters; `note` stands below.

    What one hosts leads to its tools, everything else to the event itself.
    """
    is_host = is_host or choice == EventFilter.HOSTING
    action = "manage" if choice == EventFilter.HOSTING else "show"
    empty = voice.say("events.list_empty" if choice == EventFilter.ALL else "events.list_none")
    text = _text(voice, views, own, title=_TITLES.get(choice, "events.list_title")) if views else empty
    rows = [
        [Button(f"{number}. {view.title}"[:60], data=EventButton(action, view.id).pack())]
        for number, view in enumerate(views, start=1)
    ]
    if views or is_host or choice != EventFilter.ALL:
        names = [name for name in EventFilter if is_host or name != EventFilter.HOSTING]
        filters = [_filter(voice, name, is_chosen=name == choice) for name in names]
        # Five would be cut on a phone.
        rows += [filters[:4], filters[4:]]
    return Outgoing(lines(text, *(["", note] if note else [])), rows)


def ids_in(payload: Mapping[str, Any]) -> list[int]:
    """The events of a list as it was sent, in the order of their numbers."""
    rows = (payload.get("reply_markup") or {}).get("inline_keyboard") or []
    data = [button.get("callback_data") or "" for row in rows for button in row]
    buttons = [EventButton.unpack(one) for one in data if EventButton.pattern().match(one)]
    return [button.event_id for button in buttons if button.action == "show"]


def _filter(voice: Voice, name: EventFilter, *, is_chosen: bool) -> Button:
    label = voice.plain(f"events.filter.{name}")
    return Button(f"• {label}" if is_chosen else label, data=EventListButton(name).pack())


def _text(
    voice: Voice, views: Sequence[EventView], own: Mapping[int, Rsvp], *, title: str = "events.list_title"
) -> Safe:
    parts: list[Safe | str] = [voice.say(title)]
    for number, view in enumerate(views, start=1):
        parts += ["", *_entry(voice, view, number, own)]
    return lines(*parts)


def _entry(voice: Voice, view: EventView, number: int, own: Mapping[int, Rsvp]) -> list[Safe]:
    title = Safe(f"{number}. {voice.say('events.list_item', title=view.title)}")
    facts = [when(by_event_clock(voice, view), view.starts_at, view.ends_at), _standing(voice, view)]
    place = place_name(voice, view.place, view.position)
    if place:
        facts.insert(1, voice.say("events.place", place=place))
    answer = standing(voice, own[view.id]) if view.id in own else None
    return [title, Safe(" · ".join(facts)), *([Safe(answer)] if answer else [])]


def _standing(voice: Voice, view: EventView) -> Safe:
    """Where the event is in its life; of one that takes answers, how full it is."""
    if view.status == EventStatus.DRAFT:
        return voice.say("events.list_item_draft")
    return voice.say("events.list_item_over", n=view.n_going) if view.is_over else _seats_left(voice, view)


def _seats_left(voice: Voice, view: EventView) -> Safe:
    if view.n_free is None:
        return voice.say("events.list_item_going", n=view.n_going)
    if view.n_free == 0:
        return voice.say("events.list_item_full", n=view.n_waitlisted)
    return voice.say("events.list_item_seats", n=view.n_free)
