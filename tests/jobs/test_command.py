from __future__ import annotations

import argparse
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import command
from jobs.engine.runner import Runner
from jobs.schedule import Entry, Every
from models.database import Database
from models.tables.delivery import Delivery
from tests.factories import make_chat
from tests.jobs.engine.test_runner import FAILS, GREETS, SAMPLES
from tests.stage import TEXTS

INVITES = Entry("invites", Every(60), "process", "invites everybody", SAMPLES)
ENTRIES = (GREETS, FAILS, INVITES)


@pytest.fixture
async def services(database: Database, clock: SimulatedClock) -> Services:
    async with database.transaction() as session:
        await make_chat(session, title="Founders")
    return Services(database, clock, TEXTS, Config())


async def call(services: Services, *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    out = io.StringIO()
    status = await command.run(services, parser.parse_args(words), out, entries=ENTRIES)
    return status, out.getvalue()


async def n_deliveries(services: Services) -> int:
    async with services.database.reading() as session:
        return await session.scalar(select(func.count(Delivery.id))) or 0


async def test_a_rehearsal_shows_what_would_be_sent_and_keeps_nothing(services: Services) -> None:
    status, told = await call(services, "greets")

    assert status == 0
    assert "greets: greeted at 09:00" in told
    assert "notice to Founders, due 2026-03-02 09:00 UTC\n    Hello" in told
    assert "1 would have been queued" in told
    assert await n_deliveries(services) == 0


async def test_a_rehearsal_names_the_member_and_the_reasons(services: Services) -> None:
    _, told = await call(services, "invites", "--with", "name=Mia")

    assert "invite to Mia" in told
    assert "Come & see" in told
    assert "why: you like hardware" in told


async def test_for_real_is_kept(services: Services) -> None:
    status, told = await call(services, "greets", "--for-real")

    assert (status, told) == (0, "greets: greeted at 09:00\n")
    assert await n_deliveries(services) == 1


async def test_another_time_can_be_rehearsed(services: Services) -> None:
    _, told = await call(services, "greets", "--at", "2026-05-01T18:30")

    assert "greeted at 18:30" in told


async def test_a_job_that_fails_says_where_and_exits_with_1(services: Services) -> None:
    status, told = await call(services, "fails")

    assert status == 1
    assert "fails failed: KeyError in run:12 (fails.py)" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["greet"], "There is no job 'greet'; there are fails, greets, invites."),  # misspelt
        (["greets", "--with", "chat=1"], "it takes --with chat_id=VALUE"),  # unknown argument
        (["fails", "--with", "x=1"], "it takes no arguments"),  # none at all
        (["greets", "--for-real", "--at", "2026-05-01"], "--at is for rehearsals"),  # the past cannot be for real
    ],
)
async def test_a_wrong_call_is_told_in_one_sentence(
    services: Services, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    status, _ = await call(services, *words)

    error = capsys.readouterr().err
    assert status == 2
    assert told in error
    assert error.count("\n") == 1


async def test_the_list_tells_when_each_is_due_and_what_it_last_said(services: Services, clock: SimulatedClock) -> None:
    runner = Runner(services, entries=[GREETS, FAILS, replace(INVITES, where="loop")])
    await runner.run_due()
    await clock.advance(timedelta(hours=1))
    await runner.run_due()

    _, told = await call(services, "--list")

    assert "greets: hourly, in the bot's own: says hello\n    due 2026-03-02 11:00; 2026-03-02 10:00: greeted" in told
    assert "invites: hourly, in the other process: invites everybody" in told
    assert "KeyError in run:12 (fails.py) (1 failed in a row)" in told
