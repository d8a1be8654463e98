"""`klatch telegram`: the local Telegram alone, for testing any bot."""

from __future__ import annotations

import argparse

from bot.commands.command import Command
from bot.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own arguments live beside it."""
    from bot.playground.server.__main__ import add_arguments as add_server_arguments

    add_server_arguments(parser)


async def run(config: Config, options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from bot.playground.server.__main__ import serve

    return await serve(options)


TELEGRAM = Command(
    "telegram",
    "Start a local Telegram (a strict Bot API server) to test bots against.",
    run,
    add_arguments,
    examples=("klatch telegram", "klatch telegram --help"),
)
