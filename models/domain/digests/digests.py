"""Personal digests: what is left after filters, and which few are chosen.

A member who is due on a day gets at most one digest a community that day; weekly ones come on Mondays, so that a week's
talk starts together, and on other days for what ends that day and nothing else. Digests asked for are answers: no hour, no
budget, still with reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from models.domain.digests import reasons
from models.domain.digests.background import Background
from models.domain.digests.interests import Reader
from models.domain.digests.items import EventFacts, Facts, Item, ListingFacts, Reason, Section, ThreadFacts
from models.domain.digests.validity import is_settled
from models.domain.events import engagements, reach, reminders
from models.reading.gists import are_alike
from models.reading.listing_kinds import ListingKind
from models.reading.text_kinds import TextKind
from models.tables.member import Frequency, Member, MuteKind
from models.tables.recommendation import Source

if TYPE_CHECKING:  # it loads numpy, which the process that answers members does without
    from models.domain.serving.candidates import FoundThread

MOST_THREADS = 5
# Told on the last day on which it holds, to who would read of it only later.
MOST_LAST_CHANCES = 2
MOST_EVENTS = 3
MOST_OF_ONE = 2  # per author and per topic
WEEK = timedelta(days=7)
# What was begun longer ago is no news "this week", however late somebody still wrote in it.
NEWS_WITHIN = timedelta(days=8)
# Who wrote fewer messages lately is somebody whose interests are hardly known.
HARDLY_KNOWN = 30
# Of what waits for whoever knows, so much: two in ten of such questions lay in a stranger's field, of what many talk about eight.
MOST_UNANSWERED = 2
# How often the last place goes to one of the next best, so that something can be learned beyond the model's own taste.
EXPLORE_SHARE = 0.1
EXPLORE_AMONG = 5
LIVE_DAYS = {Frequency.DAILY: 2.0, Frequency.WEEKLY: 7.0}


def last_chances(member: Member, finds: Sequence[FoundThread], around: Background) -> tuple[Item, ...]:
    """What would be over before the member's next digest: asked or offered until today, in a field of theirs."""
    threads = [item for one in finds if (item := _explain(one, member, around, is_cold=False))]
    ending = sorted((item for item in threads if item.is_last_chance), key=lambda item: item.reasons[0].rank)
    return _in_order(_once_each(ending)[:MOST_LAST_CHANCES])


def compose(
    member: Member, finds: Sequence[FoundThread], around: Background, *, is_cold: bool, random: Random
) -> tuple[Item, ...]:
    """Filter, explain and choose for one member; `finds` is best first. What has no reason is dropped.

    In order: what the reader could help with, what is worth reading, what is coming up.
    """
    threads = [item for one in finds if (item := _explain(one, member, around, is_cold=is_cold))]
    market = [facts for facts in around.facts.values() if isinstance(facts, ListingFacts)]
    cards = [item for facts in market if (item := _listing(facts, member, around))]
    strongest_first = sorted(_once_each([*threads, *cards]), key=lambda item: item.reasons[0].rank)
    events = [facts for facts in around.facts.values() if isinstance(facts, EventFacts)]
    coming = [item for facts in events if (item := _event(facts, member, around, is_cold=is_cold))]
    choice = [*choose(strongest_first, random=random), *coming[:MOST_EVENTS]]
    return _in_order(choice)


def _in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """Section by section; in each, what has the same reason stands together, so that it is said once."""
    order = list(Section)
    firsts: dict[tuple[Section, str], int] = {}
    sections: dict[str, int] = {}
    for place, item in enumerate(items):
        reason = str(item.reasons[0])
        firsts.setdefault((item.section, reason), place)
        sections[reason] = min(order.index(item.section), sections.get(reason, len(order)))

    def place_of(item: Item) -> tuple[int, bool, int]:
        section, reason = order.index(item.section), str(item.reasons[0])
        # What was said in an earlier section is not said again: it stands before any other reason.
        return section, sections[reason] == section, firsts[item.section, reason]

    return tuple(sorted(items, key=place_of))


def choose(items: Sequence[Item], *, random: Random, most: int = MOST_THREADS) -> list[Item]:
    """The best, not too many from one author or about one topic; now and then one of the next best comes last.

    `propensity` is the probability of the last place's choice under that chance; every other place is certain.
    """
    first_items, spare = _diverse(items, most)
    pool = spare[:EXPLORE_AMONG]
    if not pool or len(first_items) < most:
        return first_items
    if random.random() < EXPLORE_SHARE:
        first_items[-1] = replace(random.choice(pool), propensity=EXPLORE_SHARE / len(pool), source=Source.EXPLORATION)
    else:
        first_items[-1] = replace(first_items[-1], propensity=1 - EXPLORE_SHARE)
    return first_items


def _diverse(items: Sequence[Item], most: int) -> tuple[list[Item], list[Item]]:
    authors: Counter[int | None] = Counter()
    subjects: Counter[str] = Counter()
    n_unanswered = 0
    first_items: list[Item] = []
    spare: list[Item] = []
    for item in items:
        is_new = authors[item.facts.author_id] < MOST_OF_ONE and subjects[item.facts.subject] < MOST_OF_ONE
        if not is_new or (item.reasons[0].key == "unanswered" and n_unanswered >= MOST_UNANSWERED):
            continue
        if len(first_items) >= most:
            spare.append(item)
            continue
        authors[item.facts.author_id] += 1
        subjects[item.facts.subject] += 1
        n_unanswered += item.reasons[0].key == "unanswered"
        first_items.append(item)
    return first_items, spare


def _once_each(items: Sequence[Item]) -> list[Item]:
    """Of threads with nearly the same title, as a question asked again has, the best."""
    firsts: list[Item] = []
    for item in items:
        if not any(are_alike(item.facts.title, one.facts.title) for one in firsts):
            firsts.append(item)
    return firsts


def _explain(find: FoundThread, member: Member, around: Background, *, is_cold: bool) -> Item | None:
    facts = around.facts.get(("thread", find.thread_id))
    reader = around.readers[member.id]
    if not isinstance(facts, ThreadFacts) or not _is_wanted(facts, member, around):
        return None
    if facts.last_day is not None and facts.last_day < around.now.date():
        return None
    why = reasons.for_thread(facts, reader)
    if why is None and is_cold:
        why = reasons.for_newcomer(facts, reader, since=around.now - WEEK)
    if facts.earlier and (
        facts.earlier.gist.author_id in (member.id, facts.author_id)
        # Who asks the same again has that answer already.
        or facts.earlier.talk.author_id == facts.author_id
    ):
        facts = replace(facts, earlier=None)
    section = _section(facts, why, reader, now=around.now) if why else None
    if section and facts.gist and reader.has_said(facts.gist.text):
        # Nobody is quoted their own words; of an answered question there is then nothing left to read.
        section = None if section is Section.READ and facts.talk.is_question else section
        facts = replace(facts, gist=None)
    if why is None or section is None:
        return None
    ends_today = facts.last_day == around.now.date() and not is_settled(facts.talk)
    is_last_chance = ends_today and facts.talk.kind is not TextKind.CHATTER and not why.bearing.is_for_anybody
    return Item(facts, section, (why,), find.source, find.score, is_last_chance=is_last_chance)


def _section(facts: ThreadFacts, why: Reason, reader: Reader, *, now: datetime) -> Section | None:
    """Where a thread stands; None when there is nothing to read in it, nor to help with.

    Who lately asked nearly the same is shown answers, and not asked for one. Of what is old only a question that still waits is
    told; its date says so.
    """
    talk, is_old = facts.talk, facts.talk.asked_at < now - NEWS_WITHIN
    may_wait = talk.is_question and not is_settled(talk) and (talk.is_open or not is_old)
    if facts.earlier and talk.is_open and not is_old:
        # It was answered before: there is something to read, and nobody to be asked.
        return Section.READ
    if may_wait and why.bearing.can_help and not reader.has_asked(facts.title):
        return Section.HELP
    if is_old:
        return None
    # An answered question without a word of the answer, or that somebody's redesign is live, is nothing to read.
    has_news = not talk.is_question and talk.kind not in (TextKind.CHATTER, TextKind.NEWS)
    return Section.READ if facts.gist or has_news else None


def _listing(facts: ListingFacts, member: Member, around: Background) -> Item | None:
    """A need they can likely help with, or an offer of what they asked about."""
    reader = around.readers[member.id]
    why = reasons.for_listing(facts, reader) if _is_wanted(facts, member, around) else None
    if why is None:
        return None
    section = Section.HELP if facts.view.kind == ListingKind.NEED else Section.OFFER
    source = Source.FIELD if why.key.startswith("field") else Source.WORDS
    return Item(facts, section, (why,), source, 0.0)


def _event(facts: EventFacts, member: Member, around: Background, *, is_cold: bool) -> Item | None:
    """An event they go to, of which no reminder tells them at the same time, or one they can be at and have a reason for.

    Nothing is offered that takes nobody any more, nor for hours in which they go elsewhere.
    """
    reader = around.readers[member.id]
    why = reasons.for_event(facts, reader, member.id, around.names, muted_people=_muted_people(member, around))
    why = why or (reasons.many_go(facts) if is_cold else None)
    if why is None:
        return None
    is_own = why.bearing.is_own_event
    can_be_there = reader.zones is None or reach.is_in_reach(
        facts.time_zone, online=facts.is_online, zones=reader.zones
    )
    can_be_there = (
        can_be_there
        and not facts.is_closed
        and not reach.is_at_night(facts.starts_at, member.time_zone, reader.hours_asleep)
    )
    is_taken = engagements.is_taken(facts.id, facts.starts_at, facts.ends_at, reader.engagements)
    is_soon = facts.starts_at <= around.now + WEEK and not reminders.speaks_for_itself(facts.starts_at, now=around.now)
    if not (is_soon if is_own else can_be_there and not is_taken and _is_wanted(facts, member, around)):
        return None
    return Item(facts, Section.COMING, (why,), Source.CALENDAR, 0.0)


def _is_wanted(facts: Facts, member: Member, around: Background) -> bool:
    """Readable, not their own, no news twice, nothing and nobody they muted, nothing out of their reach."""
    item = (facts.kind, facts.id)
    targets = {(facts.kind, str(facts.id)), (MuteKind.PERSON, str(facts.author_id))}
    targets |= {(MuteKind.KEYWORD, around.word_targets[word]) for word in facts.terms.values()}
    is_news = facts.author_id != member.id and item not in around.known_items.get(member.id, set())
    can_see = True
    if isinstance(facts, ThreadFacts):
        # Who took part needs no telling, nor who may have answered without a link.
        is_news = is_news and member.id not in facts.talk.perhaps_answered_by | facts.talk.last_spoke.keys()
        is_news = is_news and not _was_told_before(facts, member, around)
    if isinstance(facts, ListingFacts):
        # Who wrote where it was said, or read of it there.
        is_news = is_news and ("thread", facts.thread_id) not in around.known_items.get(member.id, set())
    if not isinstance(facts, EventFacts):
        chat_id = facts.chat_id if isinstance(facts, ListingFacts) else facts.talk.chat_id
        zones = around.readers[member.id].zones
        is_in_reach = facts.zones is None or zones is None or bool(facts.zones & zones)
        can_see = is_in_reach and chat_id in around.chats.get(member.id, set())
    is_clear = around.readers[member.id].literacy.can_read(facts.words, facts.language)
    return is_news and can_see and is_clear and not targets & around.muted_items.get(member.id, set())


def _was_told_before(facts: ThreadFacts, member: Member, around: Background) -> bool:
    """Whether they know of the same question already, by whoever it was asked then."""
    known_items = around.known_items.get(member.id, set())
    return any(("thread", earlier) in known_items for earlier in facts.asked_before)


def _muted_people(member: Member, around: Background) -> set[int]:
    return {int(target) for kind, target in around.muted_items.get(member.id, set()) if kind == MuteKind.PERSON}
