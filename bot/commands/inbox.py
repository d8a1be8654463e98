"""`klatch inbox`: list the updates that could not be handled, and try them again."""

from __future__ import annotations

import argparse

from bot.commands.command import Command
from bot.config import Config
from bot.opening import open_existing
from models.domain.hearing import inbox


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--retry`: all of them, or the rows that are named."""
    parser.add_argument("--retry", action="store_true", help="put them back; a running host handles them at once")
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="only these (numbers of the list)")


async def run(config: Config, options: argparse.Namespace) -> int:
    """Show what is in quarantine, or let it go; texts that members wrote are never shown."""
    database = await open_existing(config)
    try:
        if options.retry:
            async with database.transaction() as session:
                n = await inbox.retry(session, options.rows or None)
            print(f"{n} update{'s' if n != 1 else ''} will be tried again.")
            return 0
        async with database.reading() as session:
            rows = await inbox.quarantined_updates(session)
        for row in rows:
            print(f"{row.id:>8}  {row.quarantined_at:%Y-%m-%d %H:%M}  {row.kind:<22} {row.error}")
        print(f"{len(rows)} in quarantine." if rows else "Nothing is in quarantine.")
    finally:
        await database.close()
    return 0


INBOX = Command(
    "inbox",
    "List updates that could not be handled, or try them again.",
    run,
    add_arguments,
    examples=("klatch inbox", "klatch inbox --retry 17 18"),
)
