"""Presses, thumbs and words about one event in any order: each person's last word holds, and nothing is set aside."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bot.playground.clock import SimulatedClock
from bot.playground.server.snapshots import Chat, Message
from models.database import Database
from models.encryption import KeyRing
from models.tables.event import Rsvp
from models.tables.inbox import RawUpdate
from models.tables.member import Member
from tests.journeys.test_events import make_known, publish
from tests.stage import Stage

NAMES = ("Mia", "Jo")
A_PERSON = st.sampled_from(range(len(NAMES)))
BUTTONS = {"✅ Going": "going", "🤔 Maybe": "maybe", "🚫 Can't": "not_going"}
WORDS = {"/rsvp": "going", "/rsvp maybe": "maybe", "/rsvp can't": "not_going"}


class Evening(RuleBasedStateMachine):
    """The real bot and one card with a seat for everybody. Each run brings newcomers; `wanted` is what each last said."""

    stage: Stage
    loop: asyncio.AbstractEventLoop
    club: Chat
    card: Message

    def __init__(self) -> None:
        super().__init__()
        self.people = [self.stage.telegram.add_user(first_name=name) for name in NAMES]
        for person in self.people:
            self.stage.telegram.join(self.club, person)
        self.wanted: dict[int, str] = {}
        self.has_thumb = [False] * len(NAMES)
        self.presses: list[Any] = []

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @rule(who=A_PERSON, button=st.sampled_from(sorted(BUTTONS)))
    def press(self, who: int, button: str) -> None:
        wish = BUTTONS[button]
        self.presses.append(self.stage.telegram.press(self.people[who], self.card, button))
        # The same press twice takes the answer back.
        self.wanted[who] = "withdrawn" if self.wanted.get(who) == wish else wish

    @rule(who=A_PERSON)
    def thumb(self, who: int) -> None:
        self.has_thumb[who] = not self.has_thumb[who]
        self.stage.telegram.react(self.people[who], self.card, ["👍"] if self.has_thumb[who] else [])
        if self.has_thumb[who]:
            self.wanted[who] = "going"
        elif self.wanted.get(who) == "going":
            self.wanted[who] = "withdrawn"

    @rule(who=A_PERSON, words=st.sampled_from(sorted(WORDS)))
    def say(self, who: int, words: str) -> None:
        self.stage.telegram.say(self.people[who], self.club, words, reply_to=self.card)
        self.wanted[who] = WORDS[words]

    @invariant()
    def everybody_stands_where_they_last_said(self) -> None:
        self.do(self.stage.host.settle())
        assert self.do(self.standing()) == self.wanted
        assert all(press.is_answered for press in self.presses)
        assert self.do(n_set_aside(self.stage)) == 0

    async def standing(self) -> dict[int, str]:
        query = select(Member.telegram_id, Rsvp.status).join(Rsvp, Rsvp.member_id == Member.id)
        async with self.stage.database.reading() as session:
            found = {row[0]: row[1] for row in await session.execute(query)}
        return {number: found[one.id] for number, one in enumerate(self.people) if one.id in found}


async def n_set_aside(stage: Stage) -> int:
    async with stage.database.reading() as session:
        return await session.scalar(select(func.count()).where(RawUpdate.quarantined_at.is_not(None))) or 0


async def opened(url: str, keys: KeyRing) -> tuple[Stage, Chat, Message]:
    stage = Stage(Database(url, keys), SimulatedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
    await stage.open()
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    return stage, club, await publish(stage, club, olga, "/event Demo night, Fri 19:00")


async def closed(stage: Stage) -> None:
    await stage.close()
    await stage.database.close()


@pytest.mark.hypothesis
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_last_answer_holds_however_it_was_given(
    engine: str, request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path, keys: KeyRing
) -> None:
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_url")
    else:
        shutil.copy(migrated_file, tmp_path / "klatch.db")
        url = f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}"
    loop = asyncio.new_event_loop()
    stage, club, card = loop.run_until_complete(opened(url, keys))
    evening = type("Evening", (Evening,), {"stage": stage, "loop": loop, "club": club, "card": card})
    try:
        run_state_machine_as_test(
            evening,
            settings=settings(
                max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(closed(stage))
        loop.close()
