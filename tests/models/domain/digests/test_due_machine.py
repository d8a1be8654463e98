"""Choices, pauses, blocks, departures and digests in any order: the index finds whom asking everybody finds."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select, update

from models.database import Database
from models.domain.digests import due, hours
from models.domain.hearing.people import touch_memberships
from models.domain.hearing.standings import set_reachable
from models.domain.member_time import Defaults
from models.domain.members import consent, preferences
from models.domain.sending import deliveries, destinations
from models.domain.sending.deliveries import Letter
from models.encryption import KeyRing
from models.tables.community import Community
from models.tables.consent import Consent, Purpose, Way
from models.tables.member import Frequency, Member, Membership
from tests.factories import give_consent, join, make_community, make_member
from tests.village import NOW

N_MEMBERS, N_COMMUNITIES = 4, 2
HOUR = timedelta(hours=1)
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
A_MEMBER, A_COMMUNITY = st.integers(0, N_MEMBERS - 1), st.integers(0, N_COMMUNITIES - 1)
# Preferences and their values, as the buttons carry them.
A_CHOICE = st.sampled_from(
    [(what, value) for what in ("digest", "hour", "quiet", "zone") for value in preferences.options(what)]
)
Who = tuple[int, int]


class Clockwork(RuleBasedStateMachine):
    """Few members of two communities on a real database; everything is rolled back at the end."""

    database: Database
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.now, self.defaults = NOW, Defaults()
        # When each was last looked at with success since something of theirs changed.
        self.served: dict[Who, datetime] = {}
        self.session: Any = self.database._writing()
        self.do(self._fill_the_stage())

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _fill_the_stage(self) -> None:
        await self.session.begin()
        self.communities = [await make_community(self.session) for _ in range(N_COMMUNITIES)]
        self.members = [await make_member(self.session, digest=Frequency.DAILY) for _ in range(N_MEMBERS)]
        for member in self.members:
            for community in self.communities:
                await join(self.session, member, community)
                await give_consent(self.session, member, community, Purpose.DIGEST)
        await due.follow(self.session, self.defaults, now=self.now)

    def teardown(self) -> None:
        self.do(self.session.rollback())
        self.do(self.session.close())

    def forget(self, **who: int) -> None:
        """Something changed that decides when: they are looked at anew."""
        self.served = {
            pair: at
            for pair, at in self.served.items()
            if (who and pair[0] != who.get("member_id", pair[0])) or pair[1] != who.get("community_id", pair[1])
        }

    @rule(number=A_MEMBER, of=A_COMMUNITY, is_given=st.booleans())
    def decide(self, number: int, of: int, is_given: bool) -> None:
        who = {"member_id": self.members[number].id, "community_id": self.communities[of].id}
        if not self.do(consent.is_member(self.session, **who)):
            return
        purposes = [Purpose.DIGEST, Purpose.LEARN]
        self.do(consent.decide(self.session, **who, purposes=purposes, is_given=is_given, now=self.now, way=Way.BUTTON))
        self.forget(**who)

    @rule(number=A_MEMBER, choice=A_CHOICE)
    def choose(self, number: int, choice: tuple[str, str]) -> None:
        member = self.members[number]
        self.do(self.session.refresh(member))
        before = self._clock(member)
        preferences.choose(member, *choice)
        self.do(self.session.flush())
        if self._clock(member) != before:
            self.forget(member_id=member.id)

    def _clock(self, member: Member) -> tuple[object, ...]:
        return member.digest, member.digest_hour, member.quiet_from_hour, member.quiet_until_hour, member.time_zone

    @rule(number=A_MEMBER, how_long=st.sampled_from([*preferences.PAUSES, "resume"]))
    def pause(self, number: int, how_long: str) -> None:
        preferences.pause(self.members[number], how_long, now=self.now - timedelta(minutes=20))
        self.do(self.session.flush())

    @rule(number=A_MEMBER, what=st.sampled_from(["blocked", "unreachable", "reached", "started", "stopped"]))
    def reach(self, number: int, what: str) -> None:
        member_id = self.members[number].id
        self.do(
            {
                "blocked": lambda: destinations.mark_member_blocked(self.session, member_id, now=self.now),
                "unreachable": lambda: destinations.mark_member_unreachable(self.session, member_id),
                "reached": lambda: destinations.mark_member_reached(self.session, member_id, now=self.now),
                "started": lambda: set_reachable(self.session, member_id, self.now, at=self.now),
                "stopped": lambda: set_reachable(self.session, member_id, None, at=self.now),
            }[what]()
        )

    @rule(number=A_MEMBER, of=A_COMMUNITY, is_back=st.booleans())
    def leave_or_return(self, number: int, of: int, is_back: bool) -> None:
        pair = (self.members[number].id, self.communities[of].id)
        if is_back:
            self.do(touch_memberships(self.session, {pair: self.now}))
        else:
            left = update(Membership).where(Membership.member_id == pair[0], Membership.community_id == pair[1])
            self.do(self.session.execute(left.values(left_at=self.now - timedelta(seconds=1))))

    @rule(of=A_COMMUNITY, zone=st.sampled_from(ZONES))
    def move(self, of: int, zone: str) -> None:
        community = self.communities[of]
        if community.time_zone != zone:
            community.time_zone = zone
            self.do(self.session.flush())
            self.forget(community_id=community.id)

    @rule(digest=st.sampled_from(list(Frequency)), hour=st.sampled_from([0, 9, 23]), zone=st.sampled_from(ZONES))
    def reconfigure(self, digest: Frequency, hour: int, zone: str) -> None:
        self.defaults = Defaults(digest=digest, digest_hour=hour, time_zone=zone)
        if self.do(due.follow(self.session, self.defaults, now=self.now)):
            self.served = {}

    @rule(n_hours=st.integers(1, 40), is_worth_it=st.booleans())
    def work(self, n_hours: int, is_worth_it: bool) -> None:
        for _ in range(n_hours):
            self.now += HOUR
            self.do(self._send(is_worth_it))

    @rule(n_hours=st.integers(1, 240))
    def be_down(self, n_hours: int) -> None:
        self.now += n_hours * HOUR

    async def _send(self, is_worth_it: bool) -> None:
        wanted = await self._due_by_asking_everybody()
        found: set[Who] = set()
        for community in await due.communities(self.session, now=self.now):
            after = due.FIRST
            while look := await due.look(
                self.session, community, now=self.now, defaults=self.defaults, after=after, limit=2
            ):
                ready = {(member_id, community.id) for member_id in look.ready}
                assert not ready & found
                found |= ready
                if is_worth_it:
                    await self._write(ready)
                await due.settle(self.session, community, look, now=self.now, defaults=self.defaults)
                after = look.last
        assert found == wanted
        self.served |= dict.fromkeys(found, self.now)
        await self._check_the_column()

    async def _due_by_asking_everybody(self) -> set[Who]:
        query = (
            select(Member, Community, Consent.digest_due_at)
            .join(Membership, Membership.member_id == Member.id)
            .join(Community, Community.id == Membership.community_id)
            .join(Consent, (Consent.member_id == Member.id) & (Consent.community_id == Community.id))
            .where(Consent.purpose == Purpose.DIGEST, Consent.is_given.is_(True), Membership.left_at.is_(None))
            .execution_options(populate_existing=True)
        )
        found = set()
        for member, community, due_at in (await self.session.execute(query)).all():
            # Later on their day it comes still, where it was due then and we were down.
            is_made_up = hours.digest_time(member, community, self.defaults).is_made_up(self.now, due_at)
            may_come = is_made_up and hours.may_be_written_to(member, self.now)
            if not (may_come or hours.is_due(member, community, self.defaults, self.now)):
                continue
            today = hours.local_day(member, community, self.defaults, self.now)
            at = self.served.get((member.id, community.id))
            is_served = at is not None and hours.local_day(member, community, self.defaults, at) == today
            key = due.once_key(member.id, community.id, today)
            if not is_served and not await deliveries.used_keys(self.session, [key]):
                found.add((member.id, community.id))
        return found

    async def _write(self, ready: set[Who]) -> None:
        letters = []
        for member_id, community_id in ready:
            member = await self.session.get_one(Member, member_id)
            community = await self.session.get_one(Community, community_id)
            key = due.once_key(member_id, community_id, hours.local_day(member, community, self.defaults, self.now))
            letters.append(Letter(member_id, community_id, {"text": "News"}, ["why"], key))
        assert None not in await deliveries.queue_all(self.session, "digest", letters, now=self.now)

    async def _check_the_column(self) -> None:
        """After a look nobody stands in line but those who may be written to before their time is over."""
        query = (
            select(Consent, Member, Community)
            .join(Member, Member.id == Consent.member_id)
            .join(Community, Community.id == Consent.community_id)
            .execution_options(populate_existing=True)
        )
        for row, member, community in (await self.session.execute(query)).all():
            time = hours.digest_time(member, community, self.defaults)
            if row.purpose != Purpose.DIGEST or not row.is_given:
                assert row.digest_due_at is None
            elif row.digest_due_at is not None and row.digest_due_at <= self.now:
                assert time.is_now(self.now) or time.is_made_up(self.now, row.digest_due_at)
                assert not hours.may_be_written_to(member, self.now) or not await consent.is_member(
                    self.session, member.id, community.id
                )
            else:
                assert row.digest_due_at == time.next_after(self.now)


def run_the_machine(url: str, keys: KeyRing) -> None:
    with asyncio.Runner() as runner:
        database = Database(url, keys)
        machine = type("Clockwork", (Clockwork,), {"database": database, "loop": runner.get_loop()})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=12,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
        finally:
            runner.run(database.close())


@pytest.mark.hypothesis
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_who_is_found_by_the_index_is_who_asking_everybody_finds(
    engine: str, request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path, keys: KeyRing
) -> None:
    if engine == "postgresql":
        run_the_machine(request.getfixturevalue("postgres_url"), keys)
    else:
        shutil.copy(migrated_file, tmp_path / "klatch.db")
        run_the_machine(f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}", keys)
