"""`klatch job`: any job once, by hand; a rehearsal unless it is told to be for real."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

from bot.scene.services import Services
from jobs.engine.failures import describe, frames
from jobs.engine.rehearsal import last_delivery_id, rehearse, would_be_sent
from jobs.schedule import TIMETABLE, Entry
from models.domain.installation import timetable
from models.tables.job import DueJob


class WrongCall(Exception):
    """The command was called wrongly; the text says what would be right."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The job's name, its arguments, and whether it is for real."""
    parser.add_argument("name", nargs="?", help="which job; --list shows them")
    parser.add_argument(
        "--with",
        dest="arguments",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an argument of the job, e.g. --with member_id=42",
    )
    parser.add_argument("--for-real", action="store_true", help="keep what it writes and send what it queues")
    parser.add_argument(
        "--at", type=_instant, metavar="TIME", help="rehearse as if it were then, e.g. 2026-03-02T09:00 (UTC)"
    )
    parser.add_argument("--list", action="store_true", dest="is_list", help="show the timetable and stop")


async def run(
    services: Services, options: argparse.Namespace, out: TextIO, *, entries: Sequence[Entry] = TIMETABLE
) -> int:
    """Do what was asked; returns the exit status: 0, 1 when the job failed, 2 for a wrong call."""
    try:
        if options.is_list or not options.name:
            return await _list(services, entries, out)
        entry = _entry(options.name, entries)
        arguments = _arguments(entry, options.arguments)
        if options.for_real and options.at:
            raise WrongCall("--at is for rehearsals: what is for real happens now.")
    except WrongCall as wrong:
        print(f"klatch: {wrong}", file=sys.stderr)
        return 2
    now = options.at or services.clock.now()
    if options.for_real:
        return await _run(services, entry, arguments, now, out)
    return await _rehearse(services, entry, arguments, now, out)


async def _run(services: Services, entry: Entry, arguments: dict[str, Any], now: datetime, out: TextIO) -> int:
    """Run it here and now, beside whatever the host does: jobs are safe to run twice."""
    try:
        outcome = await entry.job(services, now=now, **arguments)
    except Exception as error:
        print(f"{entry.name} failed: {describe(error)}\n{frames(error)}", file=out, end="")
        return 1
    print(f"{entry.name}: {outcome}", file=out)
    return 0


async def _rehearse(services: Services, entry: Entry, arguments: dict[str, Any], now: datetime, out: TextIO) -> int:
    async with rehearse(services.database) as database:
        before = await last_delivery_id(database)
        status = await _run(replace(services, database=database), entry, arguments, now, out)
        lines = await would_be_sent(database, before, services.voice)
    for delivery in lines:
        print(f"\n{delivery}", file=out)
    print(f"\nA rehearsal: {len(lines)} would have been queued; nothing was sent or kept (--for-real does).", file=out)
    return status


def _entry(name: str, entries: Sequence[Entry]) -> Entry:
    for entry in entries:
        if entry.name == name:
            return entry
    raise WrongCall(f"There is no job {name!r}; there are {', '.join(sorted(entry.name for entry in entries))}.")


def _arguments(entry: Entry, words: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE as the job's own arguments; a value that is JSON counts as that, else as text. Raises WrongCall."""
    names = [name for name in inspect.signature(entry.job).parameters if name not in {"services", "now"}]
    arguments: dict[str, Any] = {}
    for pair in words:
        key, sign, value = pair.partition("=")
        if not sign or key not in names:
            choices = ", ".join(f"--with {name}=VALUE" for name in names) or "no arguments"
            raise WrongCall(f"{entry.name} does not understand {pair!r}; it takes {choices}.")
        arguments[key] = _value(value)
    return arguments


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


PLACES = {"loop": "in the bot's own", "process": "in the other process", "training": "in a process of its own"}


async def _list(services: Services, entries: Sequence[Entry], out: TextIO) -> int:
    """The timetable, and below each job when it is due and what it last said."""
    async with services.database.reading() as session:
        rows = await timetable.rows(session)
    now = services.clock.now()
    for entry in entries:
        place = PLACES[entry.where]
        print(f"{entry.name}: {entry.when or 'on demand'}, {place}: {entry.what_for}", file=out)
        for row in rows:
            if row.name == entry.name:
                print(f"    {_state(row, now)}", file=out)
    names = {entry.name for entry in entries}
    for row in rows:
        if row.name not in names:
            print(f"{row.name}: not in this version\n    {_state(row, now)}", file=out)
    return 0


def _state(row: DueJob, now: datetime) -> str:
    if row.leased_until and row.leased_until > now:
        state = f"running since {row.last_started_at:%Y-%m-%d %H:%M}"
    else:
        state = f"due {row.due_at:%Y-%m-%d %H:%M}"
    about = f" ({row.key})" if row.key else ""
    last = f"; {row.last_finished_at:%Y-%m-%d %H:%M}: {row.last_outcome}" if row.last_finished_at else ""
    failures = f" ({row.n_failures} failed in a row)" if row.n_failures else ""
    return f"{state}{about}{last}{failures}"
