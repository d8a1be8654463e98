"""The learning room's invented evenings as rows: members who all said yes to learning and to invitations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.learning.gatherings import Gatherings
from models.learning.synthetic_events import FIRST_WORD, invent_events
from models.tables.community import Community
from models.tables.consent import Consent
from models.tables.event import Event, EventRating, Rsvp
from models.tables.member import Member, Membership
from tests.factories import LONG_AGO, make_community
from tests.invented import END

TOPICS = ("hardware", "software", "pricing", "hiring", "design", "exports")


async def move_in(
    session: AsyncSession, *, seed: int = 7, n_members: int = 120, n_events: int = 220
) -> tuple[Community, Gatherings]:
    """Write a community whose last invented event was posted some days before END; ids of members are those of the arrays."""
    start_at = END.timestamp() - (n_events * 3.5 + 10) * 86_400
    rng = np.random.default_rng(seed)
    history, _ = invent_events(rng, n_members=n_members, n_events=n_events, start_at=start_at)
    community = await make_community(session)
    await _write_members(session, community, history.members.tolist())
    await _write_events(session, community, history)
    return community, history.before(END.timestamp())


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


async def _write_members(session: AsyncSession, community: Community, ids: list[int]) -> None:
    known: dict[str, Any] = {"is_bot": False, "created_at": LONG_AGO, "reachable_at": LONG_AGO}
    await session.execute(
        insert_of(session, Member), [known | {"id": i, "telegram_id": i, "name": f"Member {i}"} for i in ids]
    )
    where = [{"member_id": i, "community_id": community.id} for i in ids]
    seen = {"role": "member", "last_seen_at": END - timedelta(days=1)}
    await session.execute(insert_of(session, Membership), [row | seen for row in where])
    yes = {"is_given": True, "decided_at": LONG_AGO}
    consents = [row | yes | {"purpose": purpose} for row in where for purpose in ("learn", "invite")]
    await session.execute(insert_of(session, Consent), consents)


async def _write_events(session: AsyncSession, community: Community, history: Gatherings) -> None:
    words = {
        int(event): TOPICS[word - FIRST_WORD] for event, word in zip(history.word_event, history.word, strict=True)
    }
    events = [
        {
            "id": number + 1,
            "community_id": community.id,
            "host_id": int(history.host[number]),
            "title": f"Evening about {words[number]}",
            "starts_at": _at(history.starts_at[number]),
            "time_zone": "UTC",
            "plus_ones": 0,
            "shows_names": True,
            "status": "published",
            "calendar_uid": f"invented-{number}@klatch",
            "sequence": 0,
            "created_at": _at(history.starts_at[number] - 14 * 86_400),
        }
        for number in range(history.n_events)
    ]
    await session.execute(insert_of(session, Event), events)
    told = history.before(END.timestamp())
    answers = [
        {
            "event_id": int(told.answers.event[i]) + 1,
            "member_id": int(told.answers.member[i]),
            "status": "going" if told.answers.is_yes[i] else "not_going",
            "guests": 0,
            "answered_at": _at(told.answers.at[i]),
        }
        for i in range(len(told.answers))
    ]
    await session.execute(insert_of(session, Rsvp), answers)
    ratings = [
        {
            "event_id": int(told.ratings.event[i]) + 1,
            "member_id": int(told.ratings.member[i]),
            "stars": int(told.ratings.stars[i]),
            "rated_at": _at(told.ratings.at[i]),
        }
        for i in range(len(told.ratings))
    ]
    await session.execute(insert_of(session, EventRating), ratings)
