"""`klatch demo`: the real bot against a local Telegram, an invented community, and a page to chat in. Nothing stays behind."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

import httpx
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from bot.app import build_bot
from bot.config import Config, DatabaseSettings, Telegram, Web
from bot.host import Host
from bot.opening import CannotStart, open_database
from bot.playground.clock import SimulatedClock
from bot.playground.community import Community
from bot.playground.demo_report import FirstDigest, Progress, tell_what_came
from bot.playground.driver import Driver
from bot.playground.page import page_routes
from bot.playground.page.deeds import latest_deeds
from bot.playground.server import LocalTelegram
from bot.request import Request
from bot.scene.services import Services
from bot.texts import load_texts
from bot.web import calendar
from bot.web.server import PortIsTaken, listen, serve
from models.database import Database
from models.tables.community import Community as Founders

if TYPE_CHECKING:
    from jobs.engine.runner import Runner

ADDRESS = "127.0.0.1"
# Where the invented founders meet.
TIME_ZONE = "Europe/Berlin"
# So much is lived before somebody looks: Monday's digests come after a week of talk, events and invitations.
WEEKS = 1
# New objects between two looks for what nobody needs any more (Python's own: 700).
COLLECT_AFTER = 10_000
# What a demo may grow to in memory.
ROOM_BYTES = 500 * 2**20
# The replay ends on a Monday after the digests' hour.
ENDS_AT_HOUR = 8


async def play(
    config: Config, options: argparse.Namespace, *, make_runner: Callable[[Host], Runner], out: TextIO | None = None
) -> None:
    """Serve the page, live some weeks, tell what came of it, then go on second by second until cancelled.

    The first digest is told as soon as it has left, while the weeks go on.

    Raises CannotStart when the port is taken.
    """
    logging.getLogger().setLevel(logging.WARNING)
    _leave_a_core_free()
    _collect_seldom()
    port = config.playground.port if options.port is None else options.port
    try:
        listening = listen(ADDRESS, port)
    except PortIsTaken:
        raise CannotStart(f"Port {port} is taken; end what listens there, or choose one with --port.") from None
    # From now on who connects waits in line until the server, which begins in its own time, takes them.
    listening.listen()
    address = f"http://{ADDRESS}:{listening.getsockname()[1]}"
    print(f"\nKlatch's playground is at {address} (Ctrl-C ends it)\n", file=out, flush=True)
    with (
        contextlib.closing(listening),
        tempfile.TemporaryDirectory(prefix="klatch-demo-", dir=_fast_folder()) as folder,
    ):
        own = _own_config(config, Path(folder), address)
        async with _open_database(own) as database:
            progress = Progress(out)
            first = FirstDigest(database, progress, out)

            async def tell_hour(now: datetime) -> None:
                progress.show(now)
                await first.tell_once_it_left()

            playground = Playground(own, database, make_runner, now=datetime.now(UTC), on_hour=tell_hour)
            async with _serving(playground.app, listening):
                try:
                    await playground.open()
                    await playground.live(weeks=WEEKS)
                    progress.end()
                    await tell_what_came(database, load_texts(), address, out)
                    await playground.driver.run()
                finally:
                    await playground.close()


class Playground:
    """Everything of one demo, wired: clock, local Telegram, bot, community, driver, and the application that shows them.

    The weeks end on the Monday before `now`. The bot reaches its Telegram without a network.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        make_runner: Callable[[Host], Runner],
        *,
        now: datetime,
        weeks: int = WEEKS,
        on_hour: Callable[[datetime], Awaitable[object]] | None = None,
    ) -> None:
        self.database = database
        random = Random(config.playground.seed)
        self.clock = SimulatedClock(_beginning(now, weeks))
        self.telegram = LocalTelegram(clock=self.clock, random=Random(config.playground.seed))
        user = self.telegram.add_bot(config.telegram.token, "Klatch", "klatch_bot")
        services = Services(database, self.clock, load_texts(), config, random=random)
        bot = build_bot(config.telegram, request=self._connection(), polling=self._connection())
        self.host = Host(services, bot, name="demo")
        self.runner = make_runner(self.host)
        self.community = Community(self.telegram, user, Random(config.playground.seed), self.clock)
        self.driver = Driver(self.clock, self.telegram, self.host, self.runner, self.community, on_hour=on_hour)
        self.app = self._application()

    def _connection(self) -> Request:
        return Request(httpx_kwargs={"transport": httpx.ASGITransport(app=self.telegram.api)})

    def _application(self) -> Starlette:
        page = page_routes(lambda last: latest_deeds(self.host.services, last))
        # The host's own web side, as far as a visitor has use for it.
        feeds = calendar.routes(self.host.services)
        routes: Sequence[BaseRoute] = [*self.driver.routes(), *page, *feeds, Mount("/", self.telegram.api)]
        return Starlette(routes=routes)

    async def open(self) -> None:
        """The bot signs in and asks for updates; then the community gathers."""
        await self.host.start()
        await self.host.publish_menus()
        # Services that handlers and jobs share know the bot's name only now.
        self.runner.services = self.host.services
        await self.host.settle()
        self.community.settle_in()
        await self.host.settle()
        async with self.database.transaction() as session:
            # Their admins chose it when they set the host up.
            await session.execute(update(Founders).values(time_zone=TIME_ZONE))

    async def live(self, *, weeks: float) -> None:
        """Let so many weeks pass, plus the morning after."""
        await self.driver.live_until(self.clock.now() + timedelta(weeks=weeks, hours=2, minutes=5))

    async def close(self) -> None:
        """End jobs, bot and server; whatever happens, all of them."""
        for ending in (self.runner.stop(), self.host.stop(), self.telegram.aclose()):
            with contextlib.suppress(Exception):
                await ending


def _leave_a_core_free() -> None:
    """Arithmetic on one thread, told before numpy is loaded: two that wait for each other by turning took ten times as long."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _collect_seldom() -> None:
    """Look for what refers to itself a tenth as often: dictionaries of hundreds of thousands of words stay for good anyway."""
    gc.set_threshold(COLLECT_AFTER)


def _beginning(now: datetime, weeks: int) -> datetime:
    """A Monday morning so long ago that the weeks end on the Monday before `now`."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=ENDS_AT_HOUR - 2, minute=0, second=0, microsecond=0)
    return monday - timedelta(weeks=weeks)


def _fast_folder() -> str | None:
    """Memory where there is room in it: nothing here must survive, and waiting for a disk is most of a replay's time."""
    memory = Path("/dev/shm")  # noqa: S108  # a fresh folder of our own is made in it
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return str(memory) if has_room else None


def _own_config(config: Config, folder: Path, address: str) -> Config:
    """The given configuration with a Telegram, a database and a key that only this demo has."""
    return replace(
        config,
        telegram=Telegram(token=f"7000000001:{secrets.token_urlsafe(24)}", api_base_url=address),
        web=Web(address=address),
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder / 'klatch.db'}"),
        privacy=replace(config.privacy, encryption_keys=(), key_file=str(folder / "klatch.key")),
        defaults=replace(config.defaults, time_zone=TIME_ZONE),
    )


@asynccontextmanager
async def _open_database(config: Config) -> AsyncIterator[Database]:
    database = await open_database(config)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _serving(app: Starlette, listening: socket.socket) -> AsyncIterator[None]:
    server = asyncio.create_task(serve(app, listening), name="playground's server")
    try:
        yield
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
