"""What was found by /find: offers, needs, members and events, each in a line or two, with the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from bot.callbacks import EventButton, ListingAction, ListingButton
from bot.messages import listings
from bot.messages.event_clocks import by_event_clock
from bot.messages.events import place_name
from bot.messages.introductions import person
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.messages.profiles import fact_line
from bot.messages.times import when
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.events.cards import EventView
from models.domain.finding.finding import Discovery
from models.domain.listings.cards import ListingView
from models.domain.profiles.profiles import OpenProfile
from models.domain.sending.addresses import Address
from models.reading.listing_leads import need_of
from models.tables.member import Member

# Characters of what was asked for, as a title and inside a command to copy.
LONGEST_QUERY = 80


def results(voice: Voice, discovery: Discovery, *, query: str, with_buttons: bool) -> Outgoing:
    """What says it, by kind; `query` is what was asked for ("": nothing, so what is newest).

    In private each has a button; in the group its title leads to its card.
    """
    if not discovery:
        return Outgoing(_nothing(voice, query))
    numbers = count(1)
    parts: list[Safe | None] = [_title(voice, discovery, query)]
    rows: list[list[Button]] = []
    for key, entries in (("offers", discovery.offers), ("needs", discovery.needs)):
        parts += _shelf(
            voice, key, [_listing(voice, next(numbers), one, discovery.addresses.get(one.id)) for one in entries]
        )
    parts += _shelf(voice, "people", [_person(voice, next(numbers), one) for one in discovery.people])
    parts += _shelf(voice, "events", [_event(voice, next(numbers), one) for one in discovery.events])
    if with_buttons:
        numbers = count(1)
        rows += [[_help_button(voice, next(numbers), one)] for one in (*discovery.offers, *discovery.needs)]
        rows += [button for one in discovery.people if (button := _write_button(voice, next(numbers), one.member))]
        rows += [[_event_button(next(numbers), one)] for one in discovery.events]
    return Outgoing(lines(*parts), rows)


def _title(voice: Voice, discovery: Discovery, query: str) -> Safe:
    if not query:
        return voice.say("finding.newest")
    return voice.say("finding.near" if discovery.is_near else "finding.title", query=_short(query))


def _nothing(voice: Voice, query: str) -> Safe:
    return voice.say("finding.nothing", need=_short(need_of(query))) if query else voice.say("finding.nothing_open")


def _short(query: str) -> str:
    return cut(tidy(query), LONGEST_QUERY)


def _shelf(voice: Voice, key: str, entries: Sequence[Safe]) -> list[Safe]:
    return [Safe(""), voice.say(f"finding.{key}"), *entries] if entries else []


def _listing(voice: Voice, number: int, view: ListingView, address: Address | None) -> Safe:
    """Its words, leading to its card; below them the rest of its line and whose it is."""
    text, link = listings.title(view), listings.link_to(address)
    key = "finding.item" if link else "finding.item_alone"
    head = voice.say(key, number=number, text=text, **({"link": link} if link else {}))
    return lines(
        head, Safe(" · ".join([voice.say("finding.author", author=view.author), *listings.fields(voice, view)]))
    )


def _person(voice: Voice, number: int, profile: OpenProfile) -> Safe:
    """Who it is, and what they confirmed of themselves."""
    head = voice.say("finding.item_alone", number=number, text=person(profile.member))
    return lines(head, Safe(" · ".join(fact_line(voice, one) for one in profile.facts)))


def _write_button(voice: Voice, number: int, member: Member) -> list[Button]:
    """The way to write to them; [] where only their name leads there."""
    if not member.handle:
        return []
    label = f"{number}. {voice.plain('listings.write_to', name=member.name)}"
    return [Button(cut(tidy(label), listings.LONGEST_LABEL), url=f"https://t.me/{member.handle}")]


def _event(voice: Voice, number: int, view: EventView) -> Safe:
    head = voice.say("finding.item_alone", number=number, text=view.title)
    place = place_name(voice, view.place, view.position)
    facts = [when(by_event_clock(voice, view), view.starts_at, view.ends_at)]
    return lines(head, Safe(" · ".join([*facts, *([voice.say("events.place", place=place)] if place else [])])))


def _help_button(voice: Voice, number: int, view: ListingView) -> Button:
    label = f"{number}. {voice.plain(f'listings.help.{view.kind}')}"
    return Button(label, data=ListingButton(ListingAction.HELP, view.id).pack())


def _event_button(number: int, view: EventView) -> Button:
    return Button(
        cut(f"{number}. {tidy(view.title)}", listings.LONGEST_LABEL), data=EventButton("show", view.id).pack()
    )
