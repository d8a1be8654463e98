"""A personal digest in words: what to help with, what to read, what is coming up; two lines an item, numbered for the buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.links import message_link
from bot.messages import controls, listings, times
from bot.messages.event_clocks import by_clock_of
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.reasons import reason
from bot.texts import Safe, Voice
from models.domain.digests.feedback import ShownItem
from models.domain.digests.items import REASONS, Digest, EventFacts, Item, ListingFacts, Section, ThreadFacts
from models.domain.digests.validity import counts_answers, is_told_open
from models.domain.events.engagements import how_near
from models.domain.members.communities import Willingness
from models.domain.sending.addresses import Address
from models.reading.gists import shorten, without_day
from models.reading.text_kinds import TextKind
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# Columns of what /why repeats.
QUOTED = 90


def digest(voice: Voice, digest: Digest, rows: Sequence[Recommendation], *, community: str, now: datetime) -> Outgoing:
    """The whole message; `rows` are the recommendations of its items, in order."""
    notes = [voice.say("digests.cold")] if digest.is_cold and not digest.is_personal else []
    parts = [lines(voice.say(f"digests.{_title(voice, digest)}", community=community), *notes)]
    numbered_items = enumerate(digest.items, start=1)
    reasons_said: set[str] = set()
    for section, items in groupby(numbered_items, key=lambda one: one[1].section):
        heading = "open" if section is Section.HELP and not digest.is_personal else section.value
        parts.append(lines(voice.say(f"digests.section.{heading}"), *_items(voice, list(items), reasons_said, now)))
    parts.append(voice.say("digests.footer"))
    return Outgoing(Safe("\n\n".join(parts)), controls.numbers(voice, [(row.id, None) for row in rows]))


def _title(voice: Voice, digest: Digest) -> str:
    """Which day it is, is told only to who said what their clock shows."""
    if not digest.is_of_a_day:
        return "title"
    return "title_without_a_day" if voice.is_unsure else "title_of_a_day"


def quiet(voice: Voice, willing: Willingness, *, community: str) -> Outgoing:
    """Asked for, and nothing good enough there: because little happens, or because hardly anybody lets it be shown."""
    if willing.is_thin:
        return Outgoing(
            voice.say("digests.few_yeses", community=community, yes=willing.n_yes, members=willing.n_members)
        )
    return Outgoing(voice.say("digests.quiet", community=community))


def open_in_private(voice: Voice, *, link: str) -> Outgoing:
    """/digest in a group: personal answers never land there."""
    button = Button(voice.plain("digests.open"), url=link)
    return Outgoing(voice.say("digests.in_private"), [[button]])


def why(
    voice: Voice, items: Sequence[ShownItem], *, now: datetime, learned_until: datetime | None, section: str = "digests"
) -> Outgoing:
    """The reasons of what was shown; what they were taken from, once."""
    parts = [voice.say("digests.why_title")]
    for one in items:
        words = shorten(one.words, QUOTED) if one.words else voice.plain(_nameless(one.row))
        because = [Safe(f"• {reason(voice, of_one, section=section, now=now)}") for of_one in one.row.reasons]
        chance = voice.say("digests.why_explored") if one.row.source == Source.EXPLORATION else None
        parts.append(lines(voice.say("digests.why_item", number=one.number, text=words), *because, chance))
    parts += _sources(voice, (of_one["key"] for one in items for of_one in one.row.reasons), section)
    chosen_by = "rules" if learned_until is None else "model"
    until = "" if learned_until is None else times.day(voice, learned_until)
    parts.append(voice.say(f"digests.why_chosen_by.{chosen_by}", day=until))
    return Outgoing(Safe("\n\n".join(parts)))


def _nameless(row: Recommendation) -> str:
    """What stands for something without words."""
    return "introductions.somebody" if row.item_kind == RecommendedItem.INTRODUCTION else "digests.gone"


def _sources(voice: Voice, keys: Iterable[str], section: str) -> list[Safe]:
    """What all these reasons were taken from, each source once."""
    sources = dict.fromkeys(voice.plain(key) for one in keys if voice.has(key := f"{section}.data.{one}"))
    return [voice.say("digests.why_sources", sources=voice.plain("digests.and_then").join(sources))] if sources else []


def _near_events(voice: Voice, numbered_items: Sequence[tuple[int, Item]]) -> dict[int, Safe]:
    """By number: with which earlier event of the digest one shares its hours, or its evening."""
    events = [(number, item.facts) for number, item in numbered_items if isinstance(item.facts, EventFacts)]
    near: dict[int, Safe] = {}
    for place, (number, facts) in enumerate(events):
        for earlier, other in events[:place]:
            if number not in near and (how := how_near(other, facts)):
                near[number] = voice.say(f"digests.same_{how}", number=earlier)
    return near


def _items(
    voice: Voice, numbered_items: Sequence[tuple[int, Item]], reasons_said: set[str], now: datetime
) -> list[Safe]:
    """The items of one section: a reason that several share stands above them, and none is said twice in a digest."""
    made: list[Safe] = []
    near = _near_events(voice, numbered_items)
    for shared, group in groupby(numbered_items, key=lambda one: one[1].reasons[0]):
        items = list(group)
        why = None if str(shared) in reasons_said else _because(voice, shared.as_json(), now)
        reasons_said.add(str(shared))
        if why is not None and len(items) > 1 and not all(_says_it_itself(item) for _, item in items):
            made.append(voice.say("digests.shared", reason=reason(voice, shared.as_json(), section="digests", now=now)))
            why = None
        made += [_item(voice, number, item, why, near.get(number), now) for number, item in items]
    return made


def _item(voice: Voice, number: int, item: Item, why: Safe | None, near: Safe | None, now: datetime) -> Safe:
    if isinstance(item.facts, EventFacts):
        return _event(voice, number, item.facts, why, near)
    if isinstance(item.facts, ListingFacts):
        return _listing(voice, number, item.facts, why, now)
    return _thread(voice, number, item, item.facts, None if _says_it_itself(item) else why, now)


def _says_it_itself(item: Item) -> bool:
    """Of a question that nobody answered its state says why it stands here."""
    facts = item.facts
    return item.reasons[0].key == "unanswered" and isinstance(facts, ThreadFacts) and is_told_open(facts.talk)


def _thread(voice: Voice, number: int, item: Item, facts: ThreadFacts, why: Safe | None, now: datetime) -> Safe:
    """What it is about; by whom, how old, how far, until when; what the best answer says, and why."""
    author, ends = voice.say("digests.author", author=facts.author_name), _ends(voice, item, facts, now)
    about = _join([author, _age(voice, facts, now), _state(voice, facts), ends])
    is_of_today = facts.talk.asked_at.astimezone(voice.zone).date() == now.astimezone(voice.zone).date()
    title, gist = facts.title, facts.gist.text if facts.gist else ""
    if voice.is_unsure or not is_of_today:
        title, gist = without_day(title), without_day(gist)
    best = voice.say("digests.gist", text=gist, author=facts.gist.author_name) if facts.gist else None
    return lines(_head(voice, number, title, facts.address), about, best or _earlier(voice, facts, now), why)


def _earlier(voice: Voice, facts: ThreadFacts, now: datetime) -> Safe | None:
    """What the same question was answered before."""
    if facts.earlier is None:
        return None
    gist, at = facts.earlier.gist, times.back_then(voice, facts.earlier.talk.asked_at, now)
    return voice.say("digests.asked_before", at=at, text=without_day(gist.text), author=gist.author_name)


def _ends(voice: Voice, item: Item, facts: ThreadFacts, now: datetime) -> Safe | None:
    """Until when it holds: "today" only where that is the reader's own day, else the day by its name."""
    if not item.is_last_chance or facts.last_day is None:
        return None
    if not voice.is_unsure and facts.last_day == now.astimezone(voice.zone).date():
        return voice.say("digests.ends_today")
    return voice.say("digests.ends_on", day=times.day(voice, facts.last_day))


def _because(voice: Voice, because: Mapping[str, Any], now: datetime) -> Safe:
    key = "digests.own" if REASONS[because["key"]].is_own_event else "digests.because"
    return voice.say(key, reason=reason(voice, because, section="digests", now=now))


def _state(voice: Voice, facts: ThreadFacts) -> Safe | None:
    if facts.talk.kind is TextKind.INTRODUCTION:
        return voice.say("digests.new_here")
    if facts.n_answers and facts.talk.is_question:
        key = "answers" if counts_answers(facts.talk) else "answered"
        return voice.say(f"digests.{key}", n=facts.n_answers)
    # In doubt nothing is said: of "perhaps answered" two in three had no answer.
    return voice.say("digests.open_question") if is_told_open(facts.talk) else None


def _age(voice: Voice, facts: ThreadFacts, now: datetime) -> Safe:
    return voice.say("digests.age", ago=times.ago(voice, facts.talk.asked_at, now))


def _event(voice: Voice, number: int, facts: EventFacts, why: Safe | None, near: Safe | None) -> Safe:
    """What it is, when and where, beside what, and why."""
    when = times.when(by_clock_of(voice, facts.time_zone, is_online=facts.is_online), facts.starts_at)
    place = voice.say("digests.place", place=facts.place) if facts.place else None
    return lines(_head(voice, number, facts.title, facts.address), _join([when, place, near]), why)


def _listing(voice: Voice, number: int, facts: ListingFacts, why: Safe | None, now: datetime) -> Safe:
    """What is needed or offered, by whom and since when, what else its line says, and why."""
    about = [voice.say("digests.author", author=facts.author_name)]
    about += [voice.say("digests.age", ago=times.ago(voice, facts.posted_at, now)), *listings.fields(voice, facts.view)]
    title = voice.plain(f"listings.title.{facts.view.kind}", words=listings.title(facts.view))
    return lines(_head(voice, number, title, facts.address), _join(about), why)


def _join(parts: Sequence[Safe | None]) -> Safe:
    return Safe(" · ".join(part for part in parts if part))


def _head(voice: Voice, number: int, title: str, address: Address | None) -> Safe:
    told_id = address.telegram_message_id if address else None
    link = message_link(address.telegram_chat_id, told_id, handle=address.handle) if address and told_id else None
    if link:
        return voice.say("digests.item", number=number, text=title, link=link)
    if address is None:
        return voice.say("digests.item_alone", number=number, text=title)
    return voice.say("digests.item_without_link", number=number, text=title, chat=address.chat_title)
