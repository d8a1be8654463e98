"""Picks, un-picks, answers, noes, expiry, leaving, taking consent back and being forgotten, in any order.

Names never pass without two yeses that stand, never twice, and never to or from somebody who may not be named.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from models.database import Database
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.events.ratings import NotAnAttendee
from models.domain.introductions import introductions, nameless_question, staying_in_touch
from models.domain.introductions.introductions import EXPIRES_AFTER, NotASide
from models.domain.introductions.staying_in_touch import NeedsConsent
from models.domain.member_time import Defaults
from models.domain.members import consent
from models.encryption import KeyRing
from models.tables.event import Event
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.member import Member, Membership
from tests.factories import give_consent, join, make_community, make_event, make_member, make_rsvp

STARTS_AT = datetime(2026, 3, 10, 18, tzinfo=UTC)
N = 5
# Mostly the same three, so that their paths cross; the others make up the crowd.
WHO = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 2, 3, 4])


class Evening(RuleBasedStateMachine):
    """One event on a real database; what should hold is kept beside it in plain dictionaries."""

    database: Database
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.now = STARTS_AT + timedelta(hours=4)
        # Standing picks, (who, whom) -> when the pair's introduction expires.
        self.picks: dict[tuple[int, int], datetime] = {}
        self.rounds: dict[int, dict[int, bool]] = {}
        self.passed: set[frozenset[int]] = set()
        self.agrees, self.here, self.known = [True] * N, [True] * N, [True] * N
        self.apart: set[frozenset[int]] = set()
        self.session: Any = self.database._writing()
        self.do(self._fill_the_stage())

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _fill_the_stage(self) -> None:
        await self.session.begin()
        community = await make_community(self.session)
        self.community_id = community.id
        event = await make_event(self.session, community, starts_at=STARTS_AT)
        self.event_id = event.id
        members = [await make_member(self.session) for _ in range(N)]
        self.ids = [member.id for member in members]
        for member in members:
            await join(self.session, member, community)
            await give_consent(self.session, member, community, "introduce")
            await make_rsvp(self.session, event, member)

    def teardown(self) -> None:
        self.do(self.session.rollback())
        self.do(self.session.close())

    def may_meet(self, one: int, other: int) -> bool:
        both = (one, other)
        is_allowed = all(self.agrees[who] and self.here[who] and self.known[who] for who in both)
        return is_allowed and frozenset(both) not in self.apart | self.passed

    @rule(who=WHO, whom=WHO)
    def pick(self, who: int, whom: int) -> None:
        self.now += timedelta(seconds=1)
        pair, back = (who, whom), (whom, who)
        try:
            picked = self.do(
                staying_in_touch.turn_pick(self.session, self.event_id, self.ids[who], self.ids[whom], now=self.now)
            )
        except (NotAnAttendee, NeedsConsent):
            assert not self.may_meet(who, whom) or who == whom or self.now >= STARTS_AT + timedelta(days=14)
            return
        if picked.outcome == "known":
            assert frozenset(pair) in self.passed
        elif picked.outcome == "taken_back":
            del self.picks[pair]
        else:
            expires_at = self.picks.get(back, self.picks.get(pair, self.now + EXPIRES_AFTER))
            self.picks[pair] = expires_at
            is_mutual = back in self.picks
            assert (picked.outcome == "introduced") == (is_mutual and self.may_meet(who, whom))
            if picked.outcome == "introduced":
                self.passed.add(frozenset(pair))

    @rule(who=WHO, whom=WHO)
    def pick_each_other(self, who: int, whom: int) -> None:
        self.pick(who, whom)
        self.pick(whom, who)

    @rule(who=WHO, whom=WHO)
    def propose(self, who: int, whom: int) -> None:
        if who == whom or not (self.known[who] and self.known[whom]):
            return
        ids = (self.ids[who], self.ids[whom])
        row = self.do(
            introductions.propose(self.session, self.community_id, ids, kind="round", reasons=[], now=self.now)
        )
        self.rounds[row.id] = {}

    @rule(number=st.integers(0, 4), side=st.integers(0, 1), is_accepted=st.booleans())
    def answer(self, number: int, side: int, is_accepted: bool) -> None:
        if number >= len(self.rounds):
            return
        self.now += timedelta(seconds=1)
        row_id = list(self.rounds)[number]
        query = select(IntroductionSide.member_id).where(IntroductionSide.introduction_id == row_id)
        sides = list(self.do(self.session.scalars(query.order_by(IntroductionSide.id))))
        if side >= len(sides):
            return
        who = self.ids.index(sides[side])
        try:
            state = self.do(
                introductions.answer(self.session, row_id, sides[side], is_accepted=is_accepted, now=self.now)
            )
        except NotASide:
            return
        said = self.rounds[row_id]
        said[who] = is_accepted
        if state == "introduced":
            one, other = (self.ids.index(member_id) for member_id in sides)
            assert said.get(one)
            assert said.get(other)
            assert self.may_meet(one, other)
            self.passed.add(frozenset((one, other)))

    @rule(number=st.integers(0, 4))
    def answer_both(self, number: int) -> None:
        self.answer(number, 0, True)
        self.answer(number, 1, True)

    @rule()
    def ask_and_get_no(self) -> None:
        """Asking changes nothing, and nothing is written when somebody says no."""
        event = self.do(self.session.get(Event, self.event_id))
        for question in self.do(nameless_question.due(self.session, event, now=self.now, defaults=Defaults())):
            who = self.ids.index(question.member.id)
            wishes = {one for one, other in self.picks if other == who}
            assert self.agrees[who]
            assert any(self.may_meet(one, who) for one in wishes)
            # Whoever reads it cannot tell whom it is from.
            own = {other for one, other in self.picks if one == who}
            assert sum(self.known) - 1 - len(own) >= nameless_question.CROWD

    @rule(who=WHO, is_given=st.booleans())
    def decide(self, who: int, is_given: bool) -> None:
        if not (self.known[who] and self.here[who]):
            return
        self.now += timedelta(seconds=1)
        what = {"purposes": ["introduce"], "is_given": is_given, "way": "button", "now": self.now}
        self.do(consent.decide(self.session, member_id=self.ids[who], community_id=self.community_id, **what))
        self.agrees[who] = is_given
        if not is_given:
            self.picks = {pair: at for pair, at in self.picks.items() if pair[0] != who}
            for said in self.rounds.values():
                said.pop(who, None)

    @rule(who=WHO, whom=WHO, happens=st.sampled_from(["changes_mind", "leaves_out", "leaves"]))
    def one_picks_then_something_happens(self, who: int, whom: int, happens: str) -> None:
        """And then the other picks back."""
        self.pick(who, whom)
        if happens == "changes_mind":
            self.decide(who, is_given=False)
            self.decide(who, is_given=True)
        elif happens == "leaves_out":
            self.leave_out(who, whom)
        else:
            self.leave_or_return(who, is_here=False)
        self.pick(whom, who)

    @rule(who=WHO, is_here=st.booleans())
    def leave_or_return(self, who: int, is_here: bool) -> None:
        if self.known[who]:
            query = select(Membership).where(Membership.member_id == self.ids[who])
            membership = self.do(self.session.scalars(query)).one()
            membership.left_at = None if is_here else self.now
            self.do(self.session.flush())
            self.here[who] = is_here

    @rule(who=WHO, whom=WHO)
    def leave_out(self, who: int, whom: int) -> None:
        if who != whom and self.known[who]:
            self.do(feedback.mute(self.session, self.ids[who], "person", str(self.ids[whom]), now=self.now))
            self.apart.add(frozenset((who, whom)))

    @rule(who=WHO, is_sure=st.sampled_from([True, False, False, False]))
    def be_forgotten(self, who: int, is_sure: bool) -> None:
        if self.known[who] and is_sure:
            member = self.do(self.session.get(Member, self.ids[who]))
            self.do(personal_data.forget(self.session, member, now=self.now))
            self.session.expire_all()
            self.known[who] = False
            self.picks = {pair: at for pair, at in self.picks.items() if who not in pair}

    @rule(hours=st.sampled_from([1, 20, 20, 200]))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.do(introductions.expire(self.session, now=self.now))
        self.picks = {pair: at for pair, at in self.picks.items() if at > self.now or frozenset(pair) in self.passed}

    @invariant()
    def names_passed_once_each_and_only_as_told(self) -> None:
        query = (
            select(Introduction.id, IntroductionSide.member_id)
            .join(IntroductionSide, IntroductionSide.introduction_id == Introduction.id)
            .where(Introduction.introduced_at.is_not(None))
        )
        rooms: dict[int, set[int]] = {}
        for row_id, member_id in self.do(self.session.execute(query)):
            rooms.setdefault(row_id, set()).add(self.ids.index(member_id))
        pairs = [frozenset(room) for room in rooms.values() if len(room) > 1]
        assert len(set(pairs)) == len(pairs)
        assert set(pairs) <= self.passed


def run_the_machine(url: str, keys: KeyRing) -> None:
    loop = asyncio.new_event_loop()
    database = Database(url, keys)
    evening = type("Evening", (Evening,), {"database": database, "loop": loop})
    try:
        run_state_machine_as_test(
            evening,
            settings=settings(
                max_examples=18, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(database.close())
        loop.close()


@pytest.mark.hypothesis
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_names_pass_only_between_two_who_both_want_it(
    engine: str, request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path, keys: KeyRing
) -> None:
    if engine == "postgresql":
        run_the_machine(request.getfixturevalue("postgres_url"), keys)
    else:
        shutil.copy(migrated_file, tmp_path / "klatch.db")
        run_the_machine(f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}", keys)
