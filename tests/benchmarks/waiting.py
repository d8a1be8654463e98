"""The answer to a press in one chat while a handler of another chat waits four seconds for Telegram, with the real `klatch run`.

The reference is the same press with nobody waiting, in the same run. In the waiting chat itself order is kept: its own press is
answered after the handler.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.benchmarks.machine import fresh_postgres, percentile
from tests.benchmarks.presses import begin_club, hosting, seconds_of

N_WAITS = 10
WAIT_SECONDS = 4.0
# Of what /setup asks Telegram nothing else asks this.
SLOW_CALL = "/getChatMemberCount"


def slowly(api: ASGIApp) -> ASGIApp:
    """The same Telegram, one of whose methods takes its time."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope.get("path", "")).endswith(SLOW_CALL):
            await asyncio.sleep(WAIT_SECONDS)
        await api(scope, receive, send)

    return serve


async def _measure(url: str, folder: Path) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"nobody waits": [], "another chat waits": [], "the same chat waits": []}
    async with hosting(url, folder, around=slowly) as (telegram, bot):
        olga, _, quick = await begin_club(telegram, bot, "Olga")
        otto, club, slow = await begin_club(telegram, bot, "Otto")
        for _ in range(N_WAITS):
            taken["nobody waits"].append(await seconds_of(telegram.press(olga, quick, (0, 0))))
            telegram.say(otto, club, "/setup")
            await asyncio.sleep(WAIT_SECONDS / 8)
            own = asyncio.create_task(seconds_of(telegram.press(otto, slow, (0, 0))))
            taken["another chat waits"].append(await seconds_of(telegram.press(olga, quick, (0, 0))))
            assert not own.done(), "nobody waited"
            taken["the same chat waits"].append(await own)
    return taken


async def measure() -> list[str]:
    """Rows of the table."""
    lines = ["| database | press | p50 | worst | p50 of the reference |", "|---|---|---:|---:|---:|"]
    for name in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder:
            sqlite = f"sqlite+aiosqlite:///{folder}/klatch.db"
            url = sqlite if name == "SQLite" else await fresh_postgres("klatch_benchmark_waiting")
            taken = await _measure(url, Path(folder))
        reference = percentile(taken["nobody waits"], 0.5)
        for what, seconds in taken.items():
            middle, worst = percentile(seconds, 0.5), max(seconds)
            shown = f"{1000 * middle:,.0f} ms | {1000 * worst:,.0f} ms | {middle / reference:.1f}"
            lines.append(f"| {name} | {what} | {shown} |")
    return lines


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
