"""Who joined within three days and may be written to, what they said of themselves, and which fields are theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_fields import Choices
from models.domain.conversations.own_messages import OwnMessage
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.members.literacy import Literacy, literacy_of
from models.domain.members.newcomers import is_new
from models.domain.profiles.field_choices import field_choices
from models.domain.profiles.inference import Hello, introductions
from models.reading.fields import Field, fields_of
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.member import Member, Membership
from models.tables.recommendation import Recommendation, Source

# Once, within so long of joining; who introduces themselves is left alone for a moment, who does not is given a day for it.
WITHIN, LEFT_ALONE, WITHOUT_WORDS = timedelta(hours=72), timedelta(minutes=10), timedelta(hours=24)
# Words of the group may reach us before the news that somebody joined it.
BEFORE = timedelta(minutes=5)


@dataclass(frozen=True)
class Arrival:
    """One newcomer; `hello` is how they introduced themselves, `purposes` what they said yes to."""

    member: Member
    joined_at: datetime
    hello: Hello | None
    fields: frozenset[Field] = frozenset()
    literacy: Literacy = field(default_factory=Literacy)
    purposes: frozenset[Purpose] = frozenset()

    @property
    def seeks(self) -> str | None:
        """What they said they look for."""
        return self.hello.words.seeks if self.hello else None

    @property
    def expires_at(self) -> datetime:
        """When they are new no more."""
        return self.joined_at + WITHIN


async def due(session: AsyncSession, community: Community, *, now: datetime) -> list[Arrival]:
    """Whom to welcome now, by member id.

    Criteria: new here and not with the founders, said yes to learning and to introductions, can be written to, was not
    welcomed yet; their introduction was left alone for a moment, or they had a day for one.
    """
    joined = await _newcomers(session, community, now)
    willing = await learners(session, community.id, among=joined) if joined else set()
    willing &= await consent.consenting(session, community.id, Purpose.INTRODUCE)
    willing -= await who_was_welcomed(session, community.id, willing)
    if not willing:
        return []
    everybody = await learners(session, community.id)
    messages = await own_messages.messages_of(session, community.id, everybody, now=now, of=willing)
    choices = await field_choices(session, community.id, willing)
    arrivals = []
    for who in sorted(willing):
        member, joined_at = joined[who]
        said = [one for one in messages.get(who, ()) if one.at >= joined_at - BEFORE]
        hello = next(introductions(said), None)
        may_still_say_more = now - LEFT_ALONE < hello.message.at if hello else now < joined_at + WITHOUT_WORDS
        if may_still_say_more:
            continue
        purposes = await consent.choices(session, who, community.id)
        arrivals.append(
            Arrival(
                member,
                joined_at,
                hello,
                _fields(hello, messages.get(who, ()), choices.get(who)),
                literacy_of(
                    member,
                    (one.text for one in messages.get(who, ())),
                    community,
                    unread=choices.get(who, Choices()).unread,
                ),
                frozenset(purpose for purpose, is_given in purposes.items() if is_given),
            )
        )
    return arrivals


async def who_was_welcomed(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of these who were welcomed there, or will be by what waits to leave."""
    query = (
        select(Recommendation.member_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.community_id == community_id, Recommendation.source == Source.WELCOME)
        .where(is_one_of(Recommendation.member_id, member_ids))
        .where(or_(Delivery.failed_at.is_(None), Delivery.sent_at.is_not(None)))
    )
    return set(await session.scalars(query))


async def _newcomers(session: AsyncSession, community: Community, now: datetime) -> dict[int, tuple[Member, datetime]]:
    query = (
        select(Member, Membership.joined_at)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community.id, Membership.left_at.is_(None))
        .where(Membership.joined_at > now - WITHIN, Membership.joined_at <= now)
    )
    return {
        member.id: (member, joined_at)
        for member, joined_at in await session.execute(query)
        if joined_at and member.is_reachable and is_new(joined_at, community.created_at, now=now)
    }


def _fields(hello: Hello | None, messages: Sequence[OwnMessage], choices: Choices | None) -> frozenset[Field]:
    """What they introduce themselves with, and what they talk about, but what they said is not theirs."""
    own = own_messages.talks_of(reversed(messages), choices).own()
    introduced = fields_of(hello.words.about) if hello else frozenset()
    return (own | introduced) - (choices.denials if choices else frozenset())
