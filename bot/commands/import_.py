"""`klatch import FILE`: read a Telegram Desktop export."""

from __future__ import annotations

import argparse
import sys

from bot.commands.command import Command
from bot.config import Config
from bot.opening import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own arguments live beside the reader."""
    from bot.importing.command import add_arguments as add_reader_arguments

    add_reader_arguments(parser)


async def run(config: Config, options: argparse.Namespace) -> int:
    """Read the file into the installation's database, which is made only for a file that can be read."""
    from bot.clock import SystemClock
    from bot.importing.command import INCOMPLETE, find
    from bot.importing.command import run as read
    from models.domain.hearing.chats import Founding

    export = find(options.file, sys.stdout)
    if export is None:
        return INCOMPLETE
    now, days = SystemClock().now(), config.privacy.retention_days
    if options.dry_run:
        return await read(None, export, options=options, now=now, out=sys.stdout)
    database = await open_database(config)
    founding = Founding(config.defaults.language, config.defaults.time_zone)
    try:
        return await read(
            database, export, options=options, now=now, out=sys.stdout, founding=founding, retention_days=days
        )
    finally:
        await database.close()


IMPORT = Command(
    "import",
    "Read a Telegram Desktop export (result.json).",
    run,
    add_arguments,
    examples=("klatch import result.json --dry-run", "klatch import ~/Downloads/ChatExport_2026-03-01"),
)
