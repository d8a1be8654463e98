"""A door in a process of its own, to be killed: `python -m tests.bot.delivery.door_process DATABASE_URL API_URL TOKEN KEY`."""

from __future__ import annotations

import asyncio
import sys

from telegram import Bot

from bot.clock import SystemClock
from bot.delivery.door import Door
from bot.delivery.door_names import own_name
from bot.delivery.pacing import Limits
from models.database import Database
from models.domain.introductions.validity import CHECKS
from models.domain.member_time import Defaults
from models.encryption import KeyRing


async def main(database_url: str, api_url: str, token: str, key: str) -> None:
    database = Database(database_url, KeyRing([key]))
    async with Bot(token, base_url=api_url) as bot:
        door = Door(
            database,
            bot,
            SystemClock(),
            defaults=Defaults(quiet_hours=(0, 0)),
            checks=CHECKS,
            limits=Limits(),
            name=own_name(),
        )
        running = asyncio.create_task(door.run())
        await asyncio.to_thread(sys.stdin.readline)
        await door.stop()
        await running
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
