from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from bot.playground.community.diary import Diary
from bot.playground.driver import Busy, Driver
from models.domain.installation import timetable
from tests.patience import eventually
from tests.stage import Stage

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Village:
    """A community that does what a test wrote into its diary."""

    def __init__(self) -> None:
        self.diary = Diary()

    def next_at(self) -> datetime | None:
        return self.diary.next_at()

    def do_next(self, until: datetime) -> bool:
        deed = self.diary.take(until)
        if deed is None:
            return False
        deed.act()
        return deed.waits_for_bot


class Jobs:
    """Notes when jobs were looked at; a run lasts while `may_end` is not set."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.looked_at, self.may_end = stage, list[datetime](), asyncio.Event()
        self.were_in_loop: list[bool] = []
        self.may_end.set()

    async def run_due(self, *, in_loop: bool = False) -> list[str]:
        self.were_in_loop.append(in_loop)
        self.looked_at.append(self.stage.clock.now())
        await self.may_end.wait()
        return []


class Set:
    """A stage with a driver."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.village, self.jobs = stage, Village(), Jobs(stage)
        self.driver = Driver(stage.clock, stage.telegram, stage.host, self.jobs, self.village)
        self.begin = stage.clock.now()

    async def post(self, action: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=self.driver.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            return await client.post("/playground/time", json={"action": action}, headers=headers)


@pytest.fixture
def play(stage: Stage) -> Set:
    return Set(stage)


@pytest.fixture
async def running(play: Set) -> AsyncIterator[Set]:
    flow = asyncio.create_task(play.driver.run())
    yield play
    flow.cancel()
    await asyncio.gather(flow, return_exceptions=True)


async def test_deeds_are_done_in_order_and_at_their_instants(play: Set) -> None:
    done: list[tuple[str, datetime]] = []
    for name, minutes in (("second", 90), ("first", 20), ("too late", 200)):
        play.village.diary.put(
            play.begin + minutes * MINUTE, lambda name=name: done.append((name, play.stage.clock.now()))
        )

    await play.driver.live_until(play.begin + 3 * HOUR)

    assert done == [("first", play.begin + 20 * MINUTE), ("second", play.begin + 90 * MINUTE)]
    assert play.stage.clock.now() == play.begin + 3 * HOUR


async def test_who_waits_for_the_bot_is_answered_before_time_goes_on(play: Set) -> None:
    _, _, [mia] = play.stage.club("Mia")
    seen: list[int] = []
    play.village.diary.put(
        play.begin + MINUTE, lambda: play.stage.telegram.start(mia, play.stage.bot), waits_for_bot=True
    )
    play.village.diary.put(play.begin + 2 * MINUTE, lambda: seen.append(len(play.stage.said_to(mia))))

    await play.driver.live_until(play.begin + HOUR)

    assert seen == [1]


async def test_jobs_are_looked_at_every_three_hours(play: Set) -> None:
    await play.driver.live_until(play.begin + 12 * HOUR)

    assert [at.hour for at in play.jobs.looked_at] == [11, 14, 17, 20]
    # Nobody waits for anything else meanwhile.
    assert all(play.jobs.were_in_loop)


async def test_a_job_that_was_asked_for_runs_at_the_next_full_hour(play: Set) -> None:
    async with play.stage.database.transaction() as session:
        await timetable.defer(session, "remind", now=play.begin, due_at=play.begin + 200 * MINUTE)

    await play.driver.live_until(play.begin + 4 * HOUR)

    assert [at.hour for at in play.jobs.looked_at] == [11, 13]


async def test_a_message_is_answered_at_once_even_while_a_job_runs(running: Set) -> None:
    running.jobs.may_end.clear()
    _, _, [mia] = running.stage.club("Mia")
    await eventually(lambda: bool(running.jobs.looked_at))
    assert running.jobs.were_in_loop == [False]

    running.stage.telegram.start(mia, running.stage.bot)

    # The job does not end before.
    await eventually(lambda: bool(running.stage.said_to(mia)))
    running.jobs.may_end.set()


async def test_time_flows_by_itself_and_pause_stops_it_but_not_the_bot(running: Set) -> None:
    _, _, [mia] = running.stage.club("Mia")
    await eventually(lambda: running.stage.clock.now() > running.begin)
    running.driver.ask("pause")
    # The step in which it was is still taken.
    await eventually(lambda: _stands_still(running))

    running.stage.telegram.start(mia, running.stage.bot)

    await eventually(lambda: bool(running.stage.said_to(mia)))


async def _stands_still(running: Set) -> bool:
    before = running.stage.clock.now()
    await asyncio.sleep(0.3)
    return running.stage.clock.now() == before


async def test_a_day_asked_for_is_lived_and_then_time_flows_on(running: Set) -> None:
    done: list[str] = []
    running.village.diary.put(running.begin + 20 * HOUR, lambda: done.append("lived"))

    answer = await running.post("day")

    assert answer.json()["busy_until"] is not None
    await eventually(lambda: running.driver.state()["busy_until"] is None)
    assert done == ["lived"]
    assert running.stage.clock.now() >= running.begin + 24 * HOUR
    assert running.driver.state()["speed"] == 1


async def test_a_second_week_is_refused_kindly_while_one_is_lived(play: Set) -> None:
    play.driver.ask("week")

    answer = await play.post("week")

    assert answer.status_code == 409
    assert "please wait" in answer.json()["error"]
    with pytest.raises(Busy):
        await play.driver.live_until(play.begin + HOUR)


async def test_pause_ends_a_replay_at_the_next_step(play: Set) -> None:
    play.village.diary.put(play.begin + 5 * HOUR, lambda: play.driver.ask("pause"))

    await play.driver.live_until(play.begin + timedelta(weeks=1))

    assert play.stage.clock.now() == play.begin + 5 * HOUR
    assert not play.driver.state()["is_running"]


@pytest.mark.parametrize(
    ("action", "headers", "status"),
    [
        ("pause", {}, 200),
        ("rewind", {}, 400),  # time goes forward only
        ("pause", {"origin": "https://example.org"}, 403),  # another web site's page
        ("pause", {"host": "rebound.example.org"}, 403),  # a name that was made to point here
    ],
)
async def test_only_this_machines_page_moves_time(play: Set, action: str, headers: dict[str, str], status: int) -> None:
    answer = await play.post(action, **headers)

    assert answer.status_code == status
