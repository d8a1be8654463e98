"""When authors are asked whether it is still open, and what ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.database import Database
from models.domain.listings import endings, listings
from tests.factories import make_community, make_listing, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("stays", "is_own_deadline", "before"),
    [
        (30 * DAY, False, 3 * DAY),
        (30 * DAY, True, 3 * DAY),
        (9 * DAY, True, DAY),  # short: the day before is early enough
        (3 * DAY, True, None),  # they said themselves when it ends, and that is near
        (4 * DAY, True, DAY),
    ],
)
async def test_the_author_is_asked_some_days_before(
    database: Database, stays: timedelta, is_own_deadline: bool, before: timedelta | None
) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        end = NOW + stays
        until_at = end if is_own_deadline else None
        listing = await make_listing(session, member, community, posted_at=NOW, expires_at=end, until_at=until_at)

        asked = [day for day in range(61) if await endings.ending_soon(session, now=NOW + day * DAY / 2)]

        first = None if before is None else NOW + asked[0] * DAY / 2
        assert endings.asked_at(listing) == (None if before is None else end - before)
        assert first == (None if before is None else end - before)


async def test_what_is_over_ends_at_its_hour_and_a_draft_goes(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        over = await make_listing(session, member, community, expires_at=NOW - DAY)
        draft = await make_listing(session, member, community, expires_at=NOW - DAY, posted_at=None)
        await make_listing(session, member, community)
        found = await endings.over(session, now=NOW)

        for listing in found:
            await endings.end(session, listing, now=NOW)

        assert found == [over, draft]
        assert (over.closed_at, over.outcome) == (NOW - DAY, None)
        assert await endings.over(session, now=NOW) == []
        assert len(await listings.own_listings(session, member.id, now=NOW)) == 1
