from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from icalendar import Calendar

from bot.config import Config, Telegram, Web
from bot.playground.clock import SimulatedClock
from bot.playground.server.snapshots import User
from bot.web.app import build_web
from models.database import Database
from tests.journeys.test_events import buttons, make_known, publish
from tests.stage import TOKEN, Stage

ADDRESS = "https://klatch.example.org"


@pytest.fixture
async def public(sqlite: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """A host that asks Telegram for updates and has an address of its own."""
    opened = Stage(sqlite, clock, config=Config(telegram=Telegram(token=TOKEN), web=Web(address=f"{ADDRESS}/")))
    await opened.open()
    yield opened
    await opened.close()


async def test_a_member_subscribes_to_their_events_and_revokes(public: Stage) -> None:
    club, olga, [mia] = public.club("Mia")
    await make_known(public, club, olga, mia)
    card = await publish(public, club, olga)
    public.telegram.press(mia, card, "✅ Going")
    await public.settle()

    await _write(public, mia, "/calendar")
    public.telegram.press(mia, public.read_by(mia)[-1], "🔗 Make a new address")
    await public.settle()
    address = _address(public, mia)
    subscribed = await _fetch(public, address)
    public.telegram.press(mia, public.read_by(mia)[-1], "⛔ Stop the address")
    await public.settle()
    revoked = await _fetch(public, address)

    [event] = Calendar.from_ical(subscribed.text).walk("VEVENT")
    assert address.startswith(f"{ADDRESS}/calendar/")
    assert str(event["summary"]) == "Demo night"
    assert revoked.status_code == 404


async def test_without_an_address_the_file_is_offered(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)

    await _write(stage, mia, "/calendar")

    assert "needs a public address" in stage.said_to(mia)[-1]
    assert buttons(stage.read_by(mia)[-1]) == []


async def _write(stage: Stage, person: User, words: str) -> None:
    stage.telegram.start(person, stage.bot)
    await stage.settle()
    stage.telegram.say(person, stage.telegram.private(person, stage.bot), words)
    await stage.settle()


def _address(stage: Stage, person: User) -> str:
    return next(line for line in stage.said_to(person)[-1].splitlines() if line.startswith("http"))


async def _fetch(stage: Stage, address: str) -> httpx.Response:
    web = build_web(stage.host.services, stage.host.polling.health, secret=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web)) as client:
        return await client.get(address)
