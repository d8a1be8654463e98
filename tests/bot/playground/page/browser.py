"""A real Chromium for the page's tests, and a playground with a scripted bot for it to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from playwright.async_api import Browser, Page, Response, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Mount, Route

from bot.playground.clock import SimulatedClock
from bot.playground.page import page_routes
from bot.playground.server import BotUser, Chat, LocalTelegram, User
from tests.bot.playground.conftest import START, TOKEN, Client
from tests.bot.playground.http_server import serving

IS_REQUIRED = os.environ.get("KLATCH_REQUIRE_CHROMIUM") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Besides the sandbox, which containers do not allow: nothing that would call home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 5000
SPANS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}


def find_chromium() -> str:
    """Where Chromium is; skips, visibly, where there is none, unless KLATCH_REQUIRE_CHROMIUM=1."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and IS_REQUIRED:
        pytest.fail("KLATCH_REQUIRE_CHROMIUM=1, but no Chromium is installed")
    if found is None:
        pytest.skip("no Chromium is installed; the page is tested in a real one only")
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One browser for many pages."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Playground:
    """A group of Mia and Wei with a bot that does what the test says, served over HTTP."""

    browser: Browser
    address: str
    clock: SimulatedClock
    tg: LocalTelegram
    bot: BotUser
    call: Client
    mia: User
    wei: User
    club: Chat
    asked: list[str]
    deeds: list[dict[str, Any]]
    trouble: list[str] = field(default_factory=list)

    async def open(self, **options: Any) -> Page:
        """The page as a newcomer sees it, whose every complaint and every foreign request is noted."""
        context = await self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("request", lambda request: self._note_request(request.url))
        page.on("response", self._note_response)
        await page.goto(self.address)
        await page.wait_for_selector("body.ready")
        return page

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.trouble.append(f"a request leaves for {urlsplit(url).netloc}")

    def _note_response(self, response: Response) -> None:
        # A refusal in words is an answer; Chromium logs it as an error all the same, and the test may expect it.
        if response.status >= 400:
            self.trouble.append(f"{response.status} for {urlsplit(response.url).path}")

    async def close(self) -> None:
        for context in self.browser.contexts:
            await context.close()
        await self.tg.aclose()


@asynccontextmanager
async def playground(browser: Browser) -> AsyncIterator[Playground]:
    """The playground with its page; fails at the end when any page complained."""
    clock = SimulatedClock(START)
    tg = LocalTelegram(clock=clock, random=Random(7))
    bot = tg.add_bot(TOKEN, "Klatch", "klatch_bot")
    mia = tg.add_user(first_name="Mia", last_name="Lindqvist", username="mia", language_code="en")
    wei = tg.add_user(first_name="陈伟", username="wei", language_code="zh")
    tg.set_time_zone(mia, "Europe/Berlin")
    tg.set_time_zone(wei, "Asia/Shanghai")
    club = tg.add_chat("Founders", kind="supergroup", owner=mia)
    tg.join(club, wei)
    tg.add_to_chat(club, bot, by=mia)
    tg.promote(club, bot, by=mia)
    asked: list[str] = []
    deeds: list[dict[str, Any]] = []

    async def tell_deeds(last: int) -> list[dict[str, Any]]:
        return deeds[:last]

    app = Starlette(routes=[_time(clock, asked), *page_routes(tell_deeds), Mount("/", tg.api)])
    async with serving(app) as address:
        made = Playground(browser, address, clock, tg, bot, Client(tg, TOKEN), mia, wei, club, asked, deeds)
        try:
            yield made
        finally:
            await made.close()
    assert made.trouble == []


def _time(clock: SimulatedClock, asked: list[str]) -> Route:
    """What the driver offers, without a community: time jumps at once."""

    async def answer(request: Request) -> Answer:
        if request.method == "POST":
            action = orjson.loads(await request.body())["action"]
            asked.append(action)
            await clock.advance(SPANS.get(action, timedelta()))
        is_running = "play" in asked[-1:]
        return JSONResponse({"ok": True, "now": clock.now().isoformat(), "is_running": is_running, "busy_until": None})

    return Route("/playground/time", answer, methods=["GET", "POST"])
