"""What digests are composed from: what holds for every member of a community at one instant, and what for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.digests import facts as digest_facts
from models.domain.digests import feedback, interests, needs_and_offers, whereabouts
from models.domain.digests.interests import Reader, Trail
from models.domain.digests.items import EventFacts, Facts, ListingFacts
from models.domain.events import engagements, reach
from models.domain.members import pair_rules, sleep
from models.domain.profiles.field_choices import field_choices
from models.tables.community import Community
from models.tables.member import Member

if TYPE_CHECKING:  # it loads numpy, which the process that answers members does without
    from models.domain.serving.training import Material
    from models.learning.terms import Terms


@dataclass(frozen=True)
class Background:
    """What holds for every member of a community at one instant, and what holds for some of them, by member id."""

    community: Community
    facts: Mapping[tuple[str, int], Facts]
    names: Mapping[int, str]
    word_targets: Mapping[str, str]
    trail: Trail
    company: Mapping[int, Mapping[int, int]]
    now: datetime
    known_items: Mapping[int, set[tuple[str, int]]] = field(default_factory=dict)
    muted_items: Mapping[int, set[tuple[str, str]]] = field(default_factory=dict)
    chats: Mapping[int, set[int]] = field(default_factory=dict)
    readers: Mapping[int, Reader] = field(default_factory=dict)


async def load(
    session: AsyncSession,
    community: Community,
    thread_ids: Iterable[int],
    learnt: Material,
    terms: Terms,
    *,
    now: datetime,
) -> Background:
    """Load what the candidates are; what holds for single members is for_members()'s."""
    names = await digest_facts.names_of(session, learnt.learners)
    threads = await digest_facts.threads(session, set(thread_ids), learnt.learners, names, terms)
    threads = whereabouts.with_earlier(await whereabouts.with_zones(session, community, threads, now=now), learnt)
    threads = await whereabouts.with_earlier_answers(session, threads, learnt.learners, names)
    events = await digest_facts.events(session, community.id, learnt.learners, names, terms, now=now)
    market = await needs_and_offers.load(session, community, learnt.learners, terms, now=now)
    # What was kept as a card is told by that; what its asker has by now, by nothing.
    market = [one for one in market if one.thread_id not in threads or not threads[one.thread_id].talk.is_settled]
    carded = {one.thread_id for one in market}
    all_facts: list[Facts] = [*(one for one in threads.values() if one.id not in carded), *events, *market]
    facts = {(one.kind, one.id): one for one in all_facts}
    words = {word for one in facts.values() for word in one.terms.values()}
    return Background(
        community=community,
        facts=facts,
        names=names,
        word_targets={word: feedback.keyword_target(session, word) for word in words},
        trail=Trail.of(learnt, terms, since=now - interests.LOOK_BACK),
        company=await digest_facts.answers(session, community.id, learnt.learners, now=now),
        now=now,
    )


async def for_members(session: AsyncSession, around: Background, members: Sequence[Member]) -> Background:
    """With what these members know already, do not want, and may see, and their own history.

    Of who is no learner there is no history, only what they chose and answered.
    """
    ids, community = {member.id for member in members}, around.community
    events = [facts for facts in around.facts.values() if isinstance(facts, EventFacts)]
    zones = await reach.zones_of(session, members, community, now=around.now)
    traces = around.trail.traces(ids)
    placeless = {member.id for member in members if member.time_zone is None} & traces.keys()
    asleep = await sleep.hours_asleep(session, placeless, now=around.now)
    choices = await field_choices(session, community.id, ids & around.trail.learnt.learners)
    taken = await engagements.of_members(session, ids, now=around.now)
    going = await digest_facts.going_to(session, events, ids)
    readers = {
        member.id: interests.reader(
            traces.get(member.id),
            company=around.company.get(member.id, {}),
            language=member.language or member.client_language or community.language,
            group=community.language,
            zones=zones[member.id],
            hours_asleep=asleep.get(member.id, frozenset()),
            going_to=frozenset(going.get(member.id, ())),
            engagements=taken.get(member.id, ()),
            choices=choices.get(member.id),
            now=around.now,
        )
        for member in members
    }
    known_items = await digest_facts.known_already(session, ids)
    market = [facts for facts in around.facts.values() if isinstance(facts, ListingFacts)]
    if market:
        listing_ids = [facts.id for facts in market]
        for member_id, own_ids in (await needs_and_offers.known_already(session, listing_ids)).items():
            known_items.setdefault(member_id, set()).update(("listing", one) for one in own_ids)
        # Nor are they told to whom admins keep apart from their author.
        separate = await pair_rules.separations(session, community.id, ids | {facts.author_id for facts in market})
        for member_id, author_id in separate:
            own_items = {("listing", facts.id) for facts in market if facts.author_id == author_id}
            known_items.setdefault(member_id, set()).update(own_items)
    return replace(
        around,
        known_items=known_items,
        muted_items=await feedback.muted_items(session, ids, now=around.now),
        chats=await digest_facts.chats_of(session, community.id, ids),
        readers=readers,
    )
