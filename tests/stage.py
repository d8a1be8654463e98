"""A stage for journeys: the real bot against a local Telegram, in process, on a simulated clock."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import httpx

from bot.app import build_bot
from bot.config import Config, Telegram
from bot.host import Host
from bot.playground.clock import SimulatedClock
from bot.playground.server import LocalTelegram
from bot.playground.server.presses import Press
from bot.playground.server.snapshots import BotUser, Chat, Message, User
from bot.request import Request
from bot.scene.services import Services
from bot.texts import Voice, load_texts
from models.database import Database
from models.domain.member_time import zone_of

TOKEN = "7000000001:TEST-token-of-the-stage"
TEXTS = load_texts()


def voice(language: str = "en", zone: str = "UTC") -> Voice:
    """How somebody is spoken to who reads this language on this clock."""
    return Voice(TEXTS, language, zone_of(zone))


class Stage:
    """Everything a story needs: people act on `telegram`, `settle()` lets the bot react, `inbox_of()` is what they read."""

    def __init__(self, database: Database, clock: SimulatedClock, *, config: Config | None = None) -> None:
        self.database, self.clock = database, clock
        self.telegram = LocalTelegram(clock=clock, random=Random(7))
        self.bot: BotUser = self.telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
        self.config = config or Config(telegram=Telegram(token=TOKEN))
        services = Services(database, clock, TEXTS, self.config, random=Random(7))
        self.host = Host(services, build_bot(self.config.telegram, request=self._request(), polling=self._request()))

    def _request(self) -> Request:
        return Request(httpx_kwargs={"transport": httpx.ASGITransport(app=self.telegram.api)})

    async def open(self) -> None:
        await self.host.start()
        # The first poll subscribes: before it, Telegram keeps reactions and joins to itself.
        await self.host.settle()

    async def close(self) -> None:
        await self.host.stop()
        await self.telegram.aclose()

    async def settle(self, seconds: int = 3) -> None:
        """Let the bot react, and a few seconds pass: it says at most one thing a second in a chat."""
        for _ in range(seconds):
            await self.host.settle()
            await self.clock.advance(timedelta(seconds=1))
        await self.host.settle()

    async def pass_time(self, span: timedelta) -> None:
        """Let a longer time pass, then the bot react."""
        await self.clock.advance(span)
        await self.settle()

    def club(self, *names: str, owner: str = "Olga") -> tuple[Chat, User, list[User]]:
        """A supergroup with our bot as administrator, its owner and these members."""
        owning = self.telegram.add_user(first_name=owner, username=owner.lower())
        chat = self.telegram.add_chat("Founders", kind="supergroup", owner=owning)
        self.telegram.add_to_chat(chat, self.bot, by=owning)
        self.telegram.promote(chat, self.bot, by=owning)
        people = [self.telegram.add_user(first_name=name, username=name.lower()) for name in names]
        for person in people:
            self.telegram.join(chat, person)
        return chat, owning, people

    async def known_club(self, *names: str, n_reachable: int = 0) -> tuple[Chat, User, list[User]]:
        """A club whose members have spoken in it; so many of them, the first, began a chat with our bot before."""
        chat, owner, people = self.club(*names)
        for person in people[:n_reachable]:
            self.telegram.start(person, self.bot)
        for person in people:
            self.telegram.say(person, chat, "hello")
        await self.settle()
        return chat, owner, people

    def read_by(self, person: User) -> list[Message]:
        """What stands in a person's private chat with the bot, oldest first."""
        return list(self.telegram.messages(self.telegram.private(person, self.bot)))

    def said_to(self, person: User) -> list[str]:
        """The texts our bot wrote to a person in private."""
        return [said["text"] for said in self.read_by(person) if said["from"]["id"] == self.bot.id]

    def said_in(self, chat: Chat) -> list[Any]:
        """The messages our bot wrote in a group."""
        return [said for said in self.telegram.messages(chat) if said.get("from", {}).get("id") == self.bot.id]

    async def forgetme(self, person: User, answer: str = "🗑 Yes, forget me") -> Press:
        """The person asks in private to be forgotten, and presses this button under the question."""
        self.telegram.say(person, self.telegram.private(person, self.bot), "/forgetme")
        await self.settle()
        press = self.telegram.press(person, self.read_by(person)[-1], answer)
        await self.settle()
        return press

    async def file_in(self, message: Message) -> bytes:
        """The document of a message, downloaded as a client would."""
        transport = httpx.ASGITransport(app=self.telegram.api)
        async with httpx.AsyncClient(transport=transport, base_url="http://telegram") as client:
            found = (
                await client.get(f"/bot{TOKEN}/getFile", params={"file_id": message["document"]["file_id"]})
            ).json()
            return (await client.get(f"/file/bot{TOKEN}/{found['result']['file_path']}")).content
