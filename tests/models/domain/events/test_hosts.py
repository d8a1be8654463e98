from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.database import Database
from models.domain.events import events, hosts
from models.domain.members import deep_links
from tests.factories import join, make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_a_host_finds_what_is_theirs_first_what_comes_and_then_what_is_over(database: Database) -> None:
    async with database.transaction() as session:
        community, other = await make_community(session), await make_community(session)
        host, admin, guest = [await make_member(session) for _ in range(3)]
        await join(session, host, community)
        await join(session, admin, community, role="admin")
        later = await make_event(session, community, host_id=host.id, starts_at=NOW + 9 * DAY)
        soon = await make_event(session, community, starts_at=NOW + DAY)
        await events.set_co_host(session, soon, host.id, is_host=True)
        over = await make_event(session, community, host_id=host.id, starts_at=NOW - 2 * DAY)
        long_over = await make_event(session, community, host_id=host.id, starts_at=NOW - 10 * DAY)
        await make_event(session, community, host_id=host.id, starts_at=NOW - 15 * DAY)
        draft = await make_event(session, community, host_id=host.id, starts_at=NOW + 3 * DAY, status="draft")
        await make_event(session, community, host_id=host.id, starts_at=NOW - DAY, status="draft")
        await make_event(session, community, host_id=host.id, starts_at=NOW + DAY, status="cancelled")
        nobodys = await make_event(session, community, starts_at=NOW + 2 * DAY)
        await make_event(session, other, starts_at=NOW + DAY)

        async def found(member_id: int, limit: int = 8) -> list[int]:
            return [event.id for event in await hosts.hosting(session, member_id, now=NOW, limit=limit)]

        own, admins, few, none = (
            await found(host.id),
            await found(admin.id),
            await found(host.id, 3),
            await found(guest.id),
        )

    assert own == [soon.id, draft.id, later.id, over.id, long_over.id]
    # An admin may manage all of them by their cards; theirs are those that nobody hosts.
    assert admins == [nobodys.id]
    # A full list keeps room for what has just been.
    assert few == [soon.id, over.id, long_over.id]
    assert none == []


async def test_a_link_makes_one_member_a_co_host_and_no_stranger(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        host, first, second, stranger = [await make_member(session) for _ in range(4)]
        for member in (host, first, second):
            await join(session, member, community)
        event = await make_event(session, community, host_id=host.id)
        token = await hosts.offer_co_hosting(session, event, now=NOW)

        outcomes = []
        for member in (stranger, first, second):
            resumed = await deep_links.resume(session, token, member_id=member.id, now=NOW)
            is_taken = resumed is not None and await hosts.accept_co_hosting(
                session, event, member.id, resumed.intent_id
            )
            outcomes.append((is_taken, await events.may_manage(session, event, member.id)))

    assert outcomes == [(False, False), (True, True), (False, False)]


async def test_co_hosts_are_hosts_and_admins_keep_what_has_none(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        ana, jo, admin, guest = [await make_member(session) for _ in range(4)]
        await join(session, admin, community, role="admin")
        await join(session, guest, community)
        event = await make_event(session, community, host_id=ana.id)
        alone = await make_event(session, community)
        await events.set_co_host(session, event, jo.id, is_host=True)

        found = [[one.id for one in await hosts.hosts_of(session, which)] for which in (event, alone)]
        kept_by = [[one.id for one in await hosts.keepers(session, which)] for which in (event, alone)]

    assert found == [[ana.id, jo.id], []]
    assert kept_by == [[ana.id, jo.id], [admin.id]]
