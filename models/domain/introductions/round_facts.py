"""What a round is chosen from: those who take part, what they need and offer, and what ties them. For jobs alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_fields import Choices, Talks
from models.domain.digests import facts as digest_facts
from models.domain.introductions import complements, introductions, round_outcomes, rounds
from models.domain.introductions.facts import Pair, acquaintances, messages_by_chat, replies_between
from models.domain.listings import listings
from models.domain.member_time import Defaults, quiet_hours
from models.domain.members import pair_rules
from models.domain.members.learners import learners
from models.domain.members.literacy import Literacy, literacy_of
from models.domain.profiles.field_choices import field_choices
from models.reading.listing_kinds import ListingKind
from models.tables.community import Community
from models.tables.listing import Listing
from models.tables.member import Member


@dataclass(frozen=True)
class Person:
    """One who takes part; what is not learned from is unknown."""

    member: Member
    # Hours of the day (UTC) in which they are up.
    hours_up: frozenset[int] = frozenset()
    literacy: Literacy = field(default_factory=Literacy)
    is_left_out: bool = False
    needs: Sequence[Listing] = ()
    offers: Sequence[Listing] = ()
    # By chat that we may learn from: what they took part in.
    talks: Mapping[int, Talks] = field(default_factory=dict)
    chats: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Circle:
    """Everybody in one round; `replies` are of learners alone, over months, by (who, whom)."""

    people: tuple[Person, ...]
    replies: Mapping[Pair, int] = field(default_factory=dict)
    # (need, offer), the better ones of a need first.
    meetings: Sequence[tuple[Listing, Listing]] = ()
    # Both ways round: met or introduced lately, one left the other out or said that they won't meet, or admins decided so.
    never: frozenset[Pair] = frozenset()
    # Both ways round: introduced at any time.
    before: frozenset[Pair] = frozenset()
    # Those whom admins want together, however long they know each other; nobody is in two.
    musts: Sequence[Pair] = ()


async def load(
    session: AsyncSession, community: Community, without: Collection[int], *, now: datetime, defaults: Defaults
) -> Circle:
    """Those who take part now and are not in `without`, served in this round before."""
    taking_part = await rounds.taking_part(session, community.id, now=now)
    places = {member_id: place for member_id, place in taking_part.items() if member_id not in without}
    ids = set(places)
    members = list(await session.scalars(select(Member).where(is_one_of(Member.id, ids)).order_by(Member.id)))
    learning = await learners(session, community.id)
    messages = await own_messages.messages_of(session, community.id, learning & ids, now=now)
    choices = await field_choices(session, community.id, learning & ids)
    chats = await digest_facts.chats_of(session, community.id, ids)
    stock = [one for one in await listings.open_listings(session, [community.id], now=now) if one.member_id in ids]
    apart = await introductions.apart(session, community.id, ids, now=now)
    lately = await acquaintances(session, community.id, ids, since=now - rounds.no_repeat(community))
    before, unwanted = await round_outcomes.introduced_pairs(session, community.id, ids)
    replies: Counter[Pair] = Counter()
    for (who, whom, _), n in (await replies_between(session, community.id, learning, now)).items():
        replies[who, whom] += n
    own: defaultdict[tuple[int, ListingKind], list[Listing]] = defaultdict(list)
    for one in stock:
        own[one.member_id, one.kind].append(one)

    def person(member: Member) -> Person:
        said = messages.get(member.id, ())
        return Person(
            member,
            hours_up=_hours_up(member, community, now, defaults),
            literacy=literacy_of(
                member, (one.text for one in said), community, unread=choices.get(member.id, Choices()).unread
            ),
            is_left_out=places[member.id].left_out_at is not None,
            needs=own[member.id, ListingKind.NEED],
            offers=own[member.id, ListingKind.OFFER],
            talks={
                chat: own_messages.talks_of(of, choices.get(member.id)) for chat, of in messages_by_chat(said).items()
            },
            chats=frozenset(chats.get(member.id, ())),
        )

    return Circle(
        tuple(person(member) for member in members),
        replies=replies,
        meetings=complements.meetings_of(stock, apart),
        musts=[pair for pair in await pair_rules.for_next_round(session, community.id, ids) if pair not in apart],
        never=frozenset(apart) | lately | unwanted,
        before=before,
    )


def _hours_up(member: Member, community: Community, now: datetime, defaults: Defaults) -> frozenset[int]:
    quiet = quiet_hours(member, community.time_zone, defaults)
    offset = now.astimezone(quiet.zone).utcoffset()
    shift = round(offset.total_seconds() / 3600) if offset else 0
    return frozenset((hour - shift) % 24 for hour in range(24) if not quiet.holds_at(hour))
