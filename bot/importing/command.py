"""`klatch import FILE`: a real community's history becomes rows, so that its first digest comes minutes after setup."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from tqdm import tqdm

from bot.importing.finding import Export, find_export
from bot.importing.outlook import look_ahead
from bot.importing.reader import BrokenExport, ExportedChat, has_direct_messages, read_export, survey
from bot.importing.recognising import NotAnExport
from bot.importing.recorder import ChatReport, Recorder
from bot.importing.selection import Selection
from bot.importing.source import Source
from bot.importing.summary import lines, next_steps
from bot.importing.times import Times
from models.database import Database
from models.domain.hearing.chats import UNTOLD, Founding

# Exit statuses: everything asked for was read; something is missing, and what was read is kept.
COMPLETE, INCOMPLETE = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `klatch import` understands."""
    parser.add_argument(
        "file",
        type=Path,
        help="the folder that Telegram Desktop made, a zip of it, or its result.json (.gz, .xz, .bz2)",
    )
    parser.add_argument(
        "--chat",
        action="append",
        default=[],
        metavar="NAME-or-ID",
        help="only this chat (may be given several times; default: every group; channels only when named)",
    )
    parser.add_argument("--dry-run", action="store_true", help="only read and count; keeps nothing, makes no database")
    parser.add_argument("--community", type=_name, metavar="NAME", help="put the chats into one community of this name")
    parser.add_argument(
        "--zone",
        type=_zone,
        metavar="ZONE",
        help="zone of the computer that made the export, e.g. Europe/Berlin (for local times told without one)",
    )


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= 128:
        raise argparse.ArgumentTypeError("a community's name has 1 to 128 characters")
    return text.strip()


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a zone name such as Europe/Berlin") from None


def find(path: Path, out: TextIO) -> Export | None:
    """The export a person means; None when there is none, which is then said."""
    try:
        return find_export(path)
    except NotAnExport as problem:
        print(problem, file=out)
    except FileNotFoundError:
        print(f"There is no {path} (looked in {Path.cwd()}). A path with spaces needs quotes around it.", file=out)
    except OSError as error:
        print(f"{path} cannot be read: {error.strerror or error}.", file=out)
    return None


async def run(
    database: Database | None,
    export: Export,
    *,
    options: argparse.Namespace,
    now: datetime,
    out: TextIO,
    founding: Founding = UNTOLD,
    retention_days: int = 365,
) -> int:
    """Read the export into the database, say what became of it and what comes next; returns the exit status.

    Running it again changes nothing and completes what a broken file left out. Nothing private is ever read. Without a
    database nothing is kept.
    """
    times = Times(options.zone, now=now)
    selection = Selection(options.chat)
    recorder = Recorder(database, times, now=now, community=options.community, founding=founding)
    break_off: BrokenExport | None = None
    try:
        with export.open() as source, _progress(export.path) as bar:
            break_off = await _record(export, source, recorder, selection, bar)
    except OSError as error:
        print(f"{export.name} cannot be read: {error.strerror}.", file=out)
        return INCOMPLETE
    except NotAnExport as problem:
        print(problem, file=out)
        return INCOMPLETE
    if database is not None:
        # So many rows at once make yesterday's choice of indexes a bad one.
        await database.optimize()
    summary = [
        *lines(
            recorder.reports,
            selection,
            break_off=break_off,
            has_guessed_zone=times.has_guessed,
            is_kept=database is not None,
        ),
        *await _steps(database, recorder.reports, now=now, retention_days=retention_days),
    ]
    print("\n".join(summary), file=out)
    is_complete = break_off is None and not selection.missing and _is_read(recorder.reports)
    return COMPLETE if is_complete else INCOMPLETE


async def _steps(
    database: Database | None, reports: Sequence[ChatReport], *, now: datetime, retention_days: int
) -> list[str]:
    if database is None:
        return ["", "A dry run: nothing was kept. Without --dry-run it is."]
    ids = [report.telegram_id for report in reports if report.telegram_id and not report.refusal]
    async with database.reading() as session:
        outlooks = await look_ahead(session, ids, now=now, retention_days=retention_days)
    return list(next_steps(outlooks, retention_days=retention_days))


async def _record(
    export: Export, source: Source, recorder: Recorder, selection: Selection, bar: tqdm[None]
) -> BrokenExport | None:
    await recorder.open()
    break_off = None
    with export.open() as looked_at:
        is_surveyed = has_direct_messages(looked_at)
    items = read_export(source, selection.is_wanted, survey=lambda: _survey(export), is_surveyed=is_surveyed)
    try:
        for number, item in enumerate(items):
            if not isinstance(item, ExportedChat):
                await recorder.take(item)
            else:
                recorder.bots |= selection.bots
                await recorder.begin(item)
            if number % 500 == 0:
                bar.update(source.n_file_bytes - bar.n)
    except BrokenExport as problem:
        break_off = problem
    await recorder.flush()
    bar.update(source.n_file_bytes - bar.n)
    return break_off


def _survey(export: Export) -> list[ExportedChat | None]:
    """A pass of its own over the whole file."""
    with export.open() as source:
        return survey(source)


def _is_read(reports: list[ChatReport]) -> bool:
    return bool(reports) and not any(report.refusal for report in reports)


def _progress(path: Path) -> tqdm[None]:
    """Bytes of the file read so far, on a terminal only."""
    return tqdm(
        total=path.stat().st_size,
        unit="B",
        unit_scale=True,
        desc="Reading",
        file=sys.stderr,
        leave=False,
        disable=not sys.stderr.isatty(),
    )
