"""Rounds: who joined, who takes part in the next one and when it is, who rests.

Joining is a standing yes to be introduced in each round, said so where one joins; leaving, pausing or taking back the yes to
introductions before a round revokes it. Who is introduced to whom is round_pairs.py, for jobs alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.domain.member_time import Defaults, place_zone
from models.domain.members import consent
from models.tables.community import Community
from models.tables.consent import Purpose, Way
from models.tables.introduction_round import Round, RoundPlace
from models.tables.member import Member

# A round is made on a Monday at this hour of the community's clock.
HOUR = 10
# Rounds in a row without a sign after which a member rests.
MOST_SILENT = 3
# Fewer are no round: whoever is in would know with whom before it is drawn.
FEWEST = 3
# Rounds in which nobody meets the same member again, as time: some hours less, since no two are made at the same minute.
NO_REPEAT_WEEKLY, NO_REPEAT_MONTHLY = timedelta(weeks=12) - timedelta(days=1), timedelta(weeks=52) - timedelta(days=1)
# A round that could not be made for so long is left out: the next one comes.
LATE = timedelta(days=2)
# In a community's settings: how often, and since when.
RHYTHM, RHYTHM_SINCE = "round_rhythm", "round_rhythm_since"


class Rhythm(StrEnum):
    """How often there is a round, as admins choose."""

    OFF = "off"
    WEEKLY = "weekly"
    # On the first Monday of the month.
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Standing:
    """What one member is to the rounds of a community."""

    is_in: bool
    is_resting: bool
    next_at: datetime | None
    paused_until: datetime | None


@dataclass(frozen=True)
class Preview:
    """What admins see of the next round, and of the one before: counts alone."""

    n_in: int
    # Of the round before.
    n_people: int = 0
    n_introduced: int = 0
    fewest: int = FEWEST

    @property
    def n_pairs(self) -> int:
        """How many there will be at most."""
        return self.n_in // 2


def rhythm(community: Community) -> Rhythm:
    """How often there is a round; none until admins choose."""
    return Rhythm(community.settings.get(RHYTHM, Rhythm.OFF))


def choose_rhythm(community: Community, choice: Rhythm, *, now: datetime) -> None:
    """The admins' choice; the rounds of another rhythm begin with the next hour of one, as the card says."""
    if choice != rhythm(community):
        # Assigned anew: a change inside the JSON would go unnoticed.
        community.settings = {**community.settings, RHYTHM: str(choice), RHYTHM_SINCE: now.isoformat()}


def no_repeat(community: Community) -> timedelta:
    """How long nobody meets the same member again: twelve rounds."""
    return NO_REPEAT_WEEKLY if rhythm(community) == Rhythm.WEEKLY else NO_REPEAT_MONTHLY


def next_at(community: Community, now: datetime, defaults: Defaults) -> datetime | None:
    """When the next round is made, after `now`; None where there are none."""
    if rhythm(community) == Rhythm.OFF:
        return None
    return next(at for at in _mondays(community, now, defaults) if at > now)


def due_at(community: Community, now: datetime, defaults: Defaults) -> datetime | None:
    """The hour of the latest round that is still to be made, if it came at all; not one of long ago, or before the rhythm."""
    if rhythm(community) == Rhythm.OFF:
        return None
    since = community.settings.get(RHYTHM_SINCE)
    begins_at = max(now - LATE, datetime.fromisoformat(since)) if since else now - LATE
    past = [at for at in _mondays(community, now - LATE, defaults) if at <= now]
    return past[-1] if past and past[-1] > begins_at else None


def _mondays(community: Community, now: datetime, defaults: Defaults) -> list[datetime]:
    """Hours of rounds from the day before `now` on, for six weeks."""
    zone = place_zone(community.time_zone, defaults)
    start = now.astimezone(zone).date()
    days = (start + timedelta(days=n) for n in range(-1, 43))
    is_first_only = rhythm(community) == Rhythm.MONTHLY
    fitting = [day for day in days if day.weekday() == 0 and (day.day <= 7 or not is_first_only)]
    return [datetime.combine(day, time(HOUR), zone).astimezone(UTC) for day in fitting]


async def join(session: AsyncSession, community_id: int, member_id: int, *, now: datetime) -> None:
    """A standing yes to each round, from now on; whoever rested is back. Raises consent.NotAMember."""
    if not (await consent.choices(session, member_id, community_id))[Purpose.INTRODUCE]:
        await consent.decide(
            session,
            member_id=member_id,
            community_id=community_id,
            purposes=[Purpose.INTRODUCE],
            is_given=True,
            now=now,
            way=Way.BUTTON,
        )
    if not await consent.is_member(session, member_id, community_id):
        raise consent.NotAMember
    row = {"community_id": community_id, "member_id": member_id, "joined_at": now, "n_silent": 0, "rested_at": None}
    statement = insert_of(session, RoundPlace)
    # Who joins once more agrees once more: a yes counts from its last time on.
    again = {"joined_at": now, "n_silent": 0, "rested_at": None}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["community_id", "member_id"], set_=again), [row]
    )


async def leave(session: AsyncSession, community_id: int, member_id: int) -> None:
    """No more rounds; nothing is kept of having been in them but the introductions that came about."""
    own = (RoundPlace.community_id == community_id, RoundPlace.member_id == member_id)
    await session.execute(delete(RoundPlace).where(*own))


async def standing(
    session: AsyncSession, community: Community, member: Member, *, now: datetime, defaults: Defaults
) -> Standing:
    """Whether the member is in, and what comes next."""
    own = (RoundPlace.community_id == community.id, RoundPlace.member_id == member.id)
    place = (await session.scalars(select(RoundPlace).where(*own))).one_or_none()
    is_willing = place is not None and (await _willing(session, community.id, {member.id})) == {member.id}
    is_resting = place is not None and place.rested_at is not None
    paused = member.paused_until if member.paused_until is not None and member.paused_until > now else None
    return Standing(is_willing and not is_resting, is_resting, next_at(community, now, defaults), paused)


async def taking_part(
    session: AsyncSession, community_id: int, *, now: datetime, among: Collection[int] | None = None
) -> dict[int, RoundPlace]:
    """Places of those who are in the next round, by member: perhaps only `among` some.

    Criteria: joined and not resting, still wants introductions, is here, can be written to, does not pause.
    """
    query = (
        select(RoundPlace, Member)
        .join(Member, Member.id == RoundPlace.member_id)
        .where(RoundPlace.community_id == community_id, RoundPlace.rested_at.is_(None))
        .order_by(RoundPlace.member_id)
    )
    places = {
        member.id: place
        for place, member in await session.execute(query)
        if member.is_reachable and (member.paused_until is None or member.paused_until <= now)
    }
    willing = await _willing(session, community_id, places.keys())
    return {one: place for one, place in places.items() if one in willing and (among is None or one in among)}


async def preview(session: AsyncSession, community_id: int, *, at: datetime) -> Preview:
    """How the round of that hour stands."""
    made = select(Round).where(Round.community_id == community_id, Round.made_at.is_not(None))
    last = (await session.scalars(made.order_by(Round.due_at.desc()).limit(1))).one_or_none()
    n_in = len(await taking_part(session, community_id, now=at))
    return Preview(n_in, last.n_people, last.n_introduced) if last is not None else Preview(n_in)


async def _willing(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> set[int]:
    return set(member_ids) & await consent.consenting(session, community_id, Purpose.INTRODUCE)


async def begin(session: AsyncSession, community_id: int, at: datetime) -> Round | None:
    """The round of this hour, locked until the end of the transaction; None when it is made already."""
    row = {"community_id": community_id, "due_at": at, "n_people": 0, "n_introduced": 0, "gap": 0.0}
    await session.execute(insert_of(session, Round).on_conflict_do_nothing(), [row])
    query = select(Round).where(Round.community_id == community_id, Round.due_at == at).with_for_update()
    current = (await session.scalars(query, execution_options={"populate_existing": True})).one()
    return None if current.made_at is not None else current
