from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.hearing.intake import IntakeHealth
from bot.scene.services import Services
from bot.web.app import LARGEST_BODY, SECRET_HEADER, build_web
from models.database import Database
from models.tables.inbox import RawUpdate
from tests.stage import TEXTS, Stage

SECRET = "a-secret-of-our-own"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"}}


@pytest.fixture
async def web(database: Database, clock: Any) -> AsyncIterator[httpx.AsyncClient]:
    from bot.config import Config

    services = Services(database, clock, TEXTS, Config(), bot_id=1)
    app = build_web(services, IntakeHealth(), secret=SECRET)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://host") as client:
        yield client


async def _stored(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count(RawUpdate.id))) or 0


async def _post(web: httpx.AsyncClient, *, secret: str = SECRET, **body: Any) -> int:
    return (await web.post("/telegram", headers={SECRET_HEADER: secret}, **body)).status_code


async def test_an_update_is_acknowledged_once_it_is_stored(web: httpx.AsyncClient, database: Database) -> None:
    status = await _post(web, json=UPDATE)

    assert (status, await _stored(database)) == (200, 1)


async def test_the_same_update_again_is_acknowledged_and_stored_once(
    web: httpx.AsyncClient, database: Database
) -> None:
    statuses = [await _post(web, json=UPDATE), await _post(web, json=UPDATE)]

    assert (statuses, await _stored(database)) == ([200, 200], 1)


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper()])
async def test_a_wrong_secret_is_refused_and_nothing_stored(
    web: httpx.AsyncClient, database: Database, secret: str
) -> None:
    status = await _post(web, secret=secret, json=UPDATE)

    assert (status, await _stored(database)) == (403, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        # JSON, but no object, and an object without its number
        b"[1, 2]",
        b'{"message": {}}',
        # deeper than any reader goes
        b'{"update_id": 8, "message": ' + b"[" * 1_100 + b"]" * 1_100 + b"}",
        # half of an emoji, which the slow reader takes
        b'{"update_id": 8, "message": {"text": "\\ud83d"}}',
        # a megabyte and a half
        b'{"update_id": 8, "message": {"text": "' + b"x" * 1_500_000 + b'"}}',
    ],
    ids=["no JSON", "no object", "no number", "deep", "half an emoji", "large"],
)
async def test_whatever_telegram_sends_is_kept_once_and_acknowledged(
    web: httpx.AsyncClient, database: Database, body: bytes
) -> None:
    statuses = [await _post(web, content=body), await _post(web, content=body)]

    async with database.reading() as session:
        kept = list(await session.scalars(select(RawUpdate)))
    assert statuses == [200, 200]
    assert [row.update_id == 8 or row.update_id < 0 for row in kept] == [True]
    assert kept[0].payload


async def test_what_is_far_too_large_to_be_an_update_is_refused(web: httpx.AsyncClient, database: Database) -> None:
    status = await _post(web, content=b" " * (LARGEST_BODY + 1))

    assert (status, await _stored(database)) == (413, 0)


async def test_a_dead_database_asks_telegram_to_send_again(clock: Any, keys: Any) -> None:
    from bot.config import Config

    # Nothing listens on port 1.
    gone = Database("postgresql+psycopg://postgres@127.0.0.1:1/none", keys)
    app = build_web(Services(gone, clock, TEXTS, Config(), bot_id=1), IntakeHealth(), secret=SECRET)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://host") as web:
        answer = await web.post("/telegram", headers={SECRET_HEADER: SECRET}, json=UPDATE)
        health = await web.get("/health")
    await gone.close()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (health.status_code, health.json()["is_well"]) == (503, False)


async def test_health_counts_what_waits_and_names_nobody(web: httpx.AsyncClient) -> None:
    await _post(web, json=UPDATE)

    report = (await web.get("/health")).json()

    assert report["is_well"]
    assert report["n_waiting"] == 1
    assert "hi" not in str(report)


async def test_a_poller_that_never_heard_from_telegram_is_unwell(stage: Stage) -> None:
    health = IntakeHealth()
    app = build_web(stage.host.services, health, secret=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://host") as web:
        before = await web.get("/health")
        health.polled_at = stage.clock.now()
        after = await web.get("/health")
        hidden = await web.post("/telegram", json=UPDATE)

    assert (before.status_code, after.status_code, hidden.status_code) == (503, 200, 404)
