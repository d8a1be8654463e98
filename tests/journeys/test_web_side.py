"""The wiring of `klatch run`: what listens, and that it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import httpx

from bot.clock import SystemClock
from bot.playground.server import LocalTelegram
from bot.web.server import listen
from tests.bot.playground.http_server import serving
from tests.killing import TOKEN, host
from tests.patience import eventually


async def test_a_polling_host_with_an_address_serves_health_and_feeds_and_no_webhook(tmp_path: Path) -> None:
    async with _telegram() as telegram:
        port = _free_port()
        own = f"http://127.0.0.1:{port}"
        settings = {"KLATCH_WEB__ADDRESS": own, "KLATCH_WEB__LISTEN_PORT": str(port)}
        url = f"sqlite+aiosqlite:///{tmp_path}/klatch.db"
        async with host(telegram, url, tmp_path, **settings) as process, httpx.AsyncClient() as client:
            await eventually(lambda: _is_well(client, own), "the host is well")
            feed = await client.get(f"{own}/calendar/guess.ics")
            webhook = await client.post(f"{own}/telegram", json={"update_id": 1})
            process.terminate()
            status = await process.wait()

    assert (feed.status_code, webhook.status_code) == (404, 404)
    assert feed.headers["x-robots-tag"] == "noindex"
    assert status == 0


async def test_a_taken_port_ends_the_start_with_what_to_change(tmp_path: Path) -> None:
    with contextlib.closing(listen("127.0.0.1", 0)) as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        settings = {"KLATCH_WEB__ADDRESS": "http://klatch.test", "KLATCH_WEB__LISTEN_PORT": port}
        async with _telegram() as telegram:
            url = f"sqlite+aiosqlite:///{tmp_path}/klatch.db"
            async with host(telegram, url, tmp_path, stderr=asyncio.subprocess.PIPE, **settings) as process:
                _, told = await process.communicate()

    assert process.returncode == 2
    assert told.decode().splitlines()[-1] == (
        f"klatch: 127.0.0.1:{port} cannot be listened on: Address already in use. Choose another web.listen_port."
    )


@contextlib.asynccontextmanager
async def _telegram() -> AsyncIterator[str]:
    telegram = LocalTelegram(clock=SystemClock(), random=Random(7))
    telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
    async with serving(telegram.api) as address:
        yield address


def _free_port() -> int:
    with contextlib.closing(listen("127.0.0.1", 0)) as opened:
        port: int = opened.getsockname()[1]
        return port


async def _is_well(client: httpx.AsyncClient, address: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return (await client.get(f"{address}/health")).status_code == 200
    return False
