"""`make screenshots`: the README's pictures, taken anew from two weeks of the playground as it is now.

Chromium takes them; fonts with Chinese and emoji must be installed (fonts-wqy-microhei, fonts-noto-color-emoji).
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page
from sqlalchemy import func, select

from bot.__main__ import _make_runner
from bot.config import Config, DatabaseSettings, Telegram
from bot.opening import open_database
from bot.playground.demo import TIME_ZONE, Playground
from bot.playground.page.pages import HERE
from models.tables.delivery import Delivery
from models.tables.member import Member
from tests.bot.playground.http_server import serving
from tests.bot.playground.page.browser import chromium

FOLDER = HERE / "screenshots"
WEEKS = 2
# Pictures of one day's code are comparable with another's: the weeks end on this Monday.
TODAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DARK = DESK | {"color_scheme": "dark", "locale": "zh-CN"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# Few colours keep a picture below 150 kB; more cannot be told apart on this page.
COLOURS = 128
EVENT = "/event Demo night, Fri 19:00 @ Café Kranz, 20 seats"
NEED, HELPERS = "/need a customs broker for a small shipment of chargers, in Berlin or Hamburg", ("Jo", "Samir")
HAN = re.compile(r"[\u4e00-\u9fff]")
GUESTS = ("Jo", "Ana")
# A round's introduction of two, and why these two.
TWO_AND_WHY = r"</b>: you meet\n[\s\S]*(You need|such questions|You both take part|offers “)"
# Milliseconds until nothing moves any more: answers of the bot, highlights, toasts.
STILL_MS = 6000


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the device, and what stands in it: a push of this kind to somebody who reads this language.

    `what` begins the name of what it is about, `button` the data of a button under it; one that `says` this (a regular
    expression) comes first; `types` is written below it.
    `is_fresh`: it is taken before its reader answers, who hardly waits an hour.
    """

    name: str
    device: dict[str, Any]
    kind: str
    language: str = "en"
    what: str = ""
    button: str = ""
    says: str = ""
    types: str = ""
    is_fresh: bool = False


# summary.png is of an evening whose host checked people in, which the invented hosts do not: nothing here takes it anew.
SHOTS = (
    Shot("digest", DESK, "digest"),
    Shot("dark", DARK, "digest", "zh"),
    Shot("invitation", DESK, "invite", is_fresh=True),
    Shot("proposal", DESK, "proposal", is_fresh=True),
    Shot("round", DESK, "introduction", button="1:round:met:", says=TWO_AND_WHY, is_fresh=True),
    Shot("question", DESK, "question", is_fresh=True),
    Shot("meet", DESK, "people_to_meet"),
    Shot("match", DESK, "notice", what="match:"),
    Shot("phone", PHONE, "digest"),
    Shot("commands", PHONE, "digest", types="/"),
)


async def main(folder: Path = FOLDER) -> int:
    """Live the weeks, take every picture; 1 when one could not be taken because nothing of its kind was sent."""
    with TemporaryDirectory() as room:
        config = _config(room)
        database = await open_database(config)
        playground = Playground(config, database, _make_runner, now=TODAY, weeks=WEEKS)
        await playground.open()
        print(f"Living {WEEKS} weeks ...", flush=True)
        end = playground.clock.now() + timedelta(weeks=WEEKS, hours=2, minutes=5)
        async with chromium() as browser:
            missing = []
            for shot in (one for one in SHOTS if one.is_fresh):
                await _live_until_one_stands(shot, playground, end)
                missing += await _take_all([shot], playground, browser, folder)
            await playground.driver.live_until(end)
            missing += await _take_all([one for one in SHOTS if not one.is_fresh], playground, browser, folder)
            async with _flowing(playground) as address:
                await _at_a_desk(browser, address, DESK, _need_something, folder / "need.png")
                await _at_a_desk(browser, address, DESK, _plan_an_event, folder / "group.png")
        await playground.close()
        await database.close()
    print("\n".join(f"Nothing to show for {name}.png" for name in missing), file=sys.stderr)
    return 1 if missing else 0


def _config(room: str) -> Config:
    given = Config()
    return replace(
        given,
        telegram=Telegram(token="7000000001:TEST-screenshots"),
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{room}/klatch.db"),
        privacy=replace(given.privacy, key_file=f"{room}/klatch.key"),
        defaults=replace(given.defaults, time_zone=TIME_ZONE),
    )


@asynccontextmanager
async def _flowing(playground: Playground) -> AsyncIterator[str]:
    """The page's address, while time flows second by second."""
    flow = asyncio.create_task(playground.driver.run())
    async with serving(playground.app) as address:
        yield address
    flow.cancel()
    await asyncio.gather(flow, return_exceptions=True)


async def _live_until_one_stands(shot: Shot, playground: Playground, end: datetime) -> None:
    """Quarter of an hour by quarter of an hour, until a push of this kind is there that nobody answered yet."""
    while playground.clock.now() < end:
        await playground.driver.live_until(playground.clock.now() + timedelta(minutes=15))
        if any(is_standing for _, _, is_standing in await _pushes(shot, playground)):
            return


async def _take_all(shots: Sequence[Shot], playground: Playground, browser: Browser, folder: Path) -> list[str]:
    """The names of those that could not be taken."""
    async with _flowing(playground) as address:
        return [shot.name for shot in shots if not await _take(shot, playground, browser, address, folder)]


async def _pushes(shot: Shot, playground: Playground) -> list[tuple[Delivery, int, bool]]:
    """What was sent of a kind in a language, to whom, and whether it still stands as it was sent."""
    query = (
        select(Delivery, Member.telegram_id)
        .join(Member, Member.id == Delivery.member_id)
        .where(Delivery.kind == shot.kind, Delivery.telegram_message_id.is_not(None))
        .where(func.coalesce(Delivery.what, "").startswith(shot.what))
        .where(func.coalesce(Member.language, Member.client_language).startswith(shot.language))
        .order_by(Delivery.sent_at.desc())
    )
    async with playground.database.reading() as session:
        rows = [(row[0], row[1]) for row in await session.execute(query) if shot.button in str(row[0].payload)]
    [bot] = playground.telegram.world.bots
    edited = {
        (reader, message["message_id"])
        for reader in {one[1] for one in rows}
        for message in playground.telegram.messages(f"{reader}:{bot}")
        if "edit_date" in message
    }
    return [(push, reader, (reader, push.telegram_message_id) not in edited) for push, reader in rows]


async def _take(shot: Shot, playground: Playground, browser: Browser, address: str, folder: Path) -> bool:
    """Of a kind, the push that says most; False when there is none."""
    pushes = await _pushes(shot, playground)
    if not pushes:
        return False
    # What was answered shows the answer: first what still stands as it was sent.
    standing = [one for one in pushes if one[2]]
    delivery, reader, _ = max(standing or pushes, key=lambda one: _weight(one[0], shot))

    async def look(page: Page) -> None:
        await _turn_to(page, "chats")
        await page.locator(f'[data-user="{reader}"]').click()
        await page.locator('.chat[data-place*=":"]').click()
        message = page.locator(f'article[data-id="{delivery.telegram_message_id}"]')
        await message.evaluate("node => node.scrollIntoView({ block: 'start' })")
        if shot.types:
            await page.locator("textarea").press_sequentially(shot.types)

    await _at_a_desk(browser, address, shot.device, look, folder / f"{shot.name}.png")
    return True


def _weight(delivery: Delivery, shot: Shot) -> tuple[bool, int, int]:
    """What the picture should say first; more for more reasons, then for more said; in Chinese for what is said in Chinese."""
    said = str(delivery.payload)
    is_it = re.search(shot.says, str((delivery.payload or {}).get("text", ""))) is not None
    if shot.language == "zh":
        return is_it, len(HAN.findall(said)), 0
    return is_it, len(delivery.reasons or ()), len(said)


async def _turn_to(page: Page, pane: str) -> None:
    """On a phone one pane is shown at a time."""
    button = page.locator(f'#panes [data-pane="{pane}"]')
    if await button.is_visible():
        await button.click()


async def _need_something(page: Page) -> None:
    """One line in the group becomes a card, and some can help."""
    await page.locator("textarea").fill(NEED)
    await page.keyboard.press("Enter")
    words = NEED.removeprefix("/need ").partition(",")[0]
    card = page.locator("article", has_text="Mia Lindqvist is looking for this").filter(has_text=words)
    for n, name in enumerate(HELPERS, start=1):
        await page.locator("#rail").get_by_role("button", name=f"Chat as {name}").click()
        await card.get_by_role("button", name="I can help").click()
        await page.locator("dialog.alert button").click()
        await card.locator(".text", has_text=f"{n} can help").wait_for()
    await page.locator("#rail").get_by_role("button", name="Chat as Mia").click()
    await page.locator(".log").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def _plan_an_event(page: Page) -> None:
    """One line in the group becomes a card, and some say that they come."""
    await page.locator("textarea").fill(EVENT)
    await page.keyboard.press("Enter")
    await page.locator(".keyboard").get_by_role("button", name="Publish").click()
    card = page.locator("article", has_text="Café Kranz").last
    for name in (*GUESTS, "Mia"):
        await page.locator("#rail").get_by_role("button", name=f"Chat as {name}").click()
        await card.get_by_role("button", name="Going").click()
        await card.locator(".text", has_text=name).wait_for()
    await page.locator(".log").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def _at_a_desk(
    browser: Browser, address: str, device: dict[str, Any], do: Callable[[Page], Awaitable[None]], path: Path
) -> None:
    context = await browser.new_context(**device)
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("body.ready")
    await page.locator("#intro button").click()
    await do(page)
    # What is under the pointer would look as no other line does.
    await page.locator("textarea").focus()
    await page.mouse.move(device["viewport"]["width"] / 2, 5)
    await page.wait_for_timeout(STILL_MS)
    picture = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name, flush=True)
    await context.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
