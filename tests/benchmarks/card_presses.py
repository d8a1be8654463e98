"""200 different members press one card within 2 s, against the real `klatch run` over HTTP with Telegram's limits on.

A press without an answer, a row that is missing or wrong, a waitlist in another order than the presses, more than 20 edits
a minute or a wrong final card ends the benchmark with an AssertionError.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.clock import SystemClock
from bot.playground.server import LocalTelegram
from bot.playground.server.snapshots import Chat, Message, User
from models.database import Database
from models.encryption import KeyRing
from tests.benchmarks.machine import fresh_postgres, median, percentile
from tests.benchmarks.presses import chattering, seconds_of
from tests.bot.playground.http_server import serving
from tests.crowd import expected, standing, wishes
from tests.killing import KEY, TOKEN, host
from tests.patience import eventually

N_PRESSES, CAPACITY, SPREAD_SECONDS, N_RUNS = 200, 60, 2.0, 3
# Telegram's own limit for a group, edits among them.
EDITS_PER_MINUTE = 20


@dataclass(frozen=True)
class Rush:
    """One run: seconds from each press to its answer, edits of the card, seconds from the last press to the final card."""

    answers: list[float]
    n_edits: int
    final_card: float


async def measure() -> list[str]:
    """Rows of the table; medians of the runs, and the slowest answer of all."""
    lines = [
        "| database | load | answered | p50 | p99 | worst | edits of the card | last press to final card |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name in ("SQLite", "PostgreSQL"):
        for is_loaded in (False, True):
            runs = [await _rush(name, is_loaded=is_loaded) for _ in range(N_RUNS)]
            lines.append(f"| {name} | {'200 updates/s' if is_loaded else 'alone'} | {_row(runs)} |")
    return lines


def _row(runs: list[Rush]) -> str:
    p50, p99 = (median([percentile(run.answers, share) for run in runs]) for share in (0.5, 0.99))
    worst = max(max(run.answers) for run in runs)
    shown = [f"{1000 * seconds:.0f} ms" for seconds in (p50, p99, worst)]
    edits = median([run.n_edits for run in runs])
    final = median([run.final_card for run in runs])
    return f"{N_PRESSES} of {N_PRESSES} | {' | '.join(shown)} | {edits:.0f} | {final:.1f} s"


async def _rush(name: str, *, is_loaded: bool) -> Rush:
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite+aiosqlite:///{folder}/klatch.db"
        url = sqlite if name == "SQLite" else await fresh_postgres("klatch_benchmark_card")
        async with _host(url, Path(folder)) as (telegram, bot):
            club, card, people = await _planned(telegram, bot)
            async with chattering(telegram, bot) if is_loaded else contextlib.nullcontext():
                rush, pressed = await _press_all(telegram, club, card, people)
        database = Database(url, KeyRing([KEY]))
        there = await standing(database)
        await database.close()
    assert there == expected(pressed, CAPACITY), f"rows: {there}"
    return rush


@contextlib.asynccontextmanager
async def _host(url: str, folder: Path) -> AsyncIterator[tuple[LocalTelegram, Any]]:
    telegram = LocalTelegram(clock=SystemClock(), random=Random(7))
    bot = telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
    telegram.limits.is_on = True
    async with serving(telegram.api) as address, host(address, url, folder) as process:
        await eventually(lambda: any(call.method == "setMyCommands" for call in telegram.calls), "the host is up")
        yield telegram, bot
        process.terminate()
        await process.wait()


async def _planned(telegram: LocalTelegram, bot: Any) -> tuple[Chat, Message, list[User]]:
    """A club, a published card, and people who only ever read."""
    olga = telegram.add_user(first_name="Olga")
    club = telegram.add_chat("Founders", kind="supergroup", owner=olga)
    telegram.add_to_chat(club, bot, by=olga)
    telegram.promote(club, bot, by=olga)
    people = [telegram.add_user(first_name=f"Member {number}") for number in range(N_PRESSES)]
    for person in people:
        telegram.join(club, person)
    telegram.say(olga, club, f"/event Demo night, tomorrow 19:00 @ Café Kranz, {CAPACITY} seats")
    preview = await _shown(telegram, club, "📣 Publish")
    await telegram.press(olga, preview, "📣 Publish")
    return club, await _shown(telegram, club, "✅ Going"), people


async def _shown(telegram: LocalTelegram, club: Chat, button: str) -> Message:
    """The message with this button, once it stands there."""

    def found() -> list[Message]:
        return [said for said in telegram.messages(club) if button in str(said.get("reply_markup"))]

    await eventually(lambda: bool(found()), button)
    return found()[-1]


async def _press_all(
    telegram: LocalTelegram, club: Chat, card: Message, people: list[User]
) -> tuple[Rush, list[tuple[int, str]]]:
    plan = list(zip(people, wishes(len(people)), strict=True))
    n_before = len(telegram.calls)
    begun = time.perf_counter()
    timed: list[asyncio.Task[float]] = []
    for number, (person, button) in enumerate(plan):
        await asyncio.sleep(begun + number * SPREAD_SECONDS / len(plan) - time.perf_counter())
        timed.append(asyncio.create_task(seconds_of(telegram.press(person, card, button))))
        # The press happens now, so that the order of the presses is the order of the plan.
        await asyncio.sleep(0)
    last = time.perf_counter()
    pressed = [(person.id, button) for person, button in plan]
    shown = expected(pressed, CAPACITY).shown(CAPACITY)
    await eventually(lambda: shown in _text(telegram, club, card), f"the card shows {shown}")
    final_card = time.perf_counter() - last
    answers = await asyncio.gather(*timed)
    edits = [call for call in telegram.calls[n_before:] if call.method == "editMessageText"]
    _assert_within_limits(edits)
    return Rush(answers, len(edits), final_card), pressed


def _text(telegram: LocalTelegram, club: Chat, card: Message) -> str:
    return next(str(said.text) for said in telegram.messages(club) if said.id == card.id)


def _assert_within_limits(edits: list[Any]) -> None:
    assert all(call.result and call.result["ok"] for call in edits), "an edit was refused"
    for first in edits:
        window = [call for call in edits if first.at <= call.at < first.at + timedelta(minutes=1)]
        assert len(window) <= EDITS_PER_MINUTE, "too many edits"


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
