"""The shape of a command, and the parser made of all of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import Config

# Read when it exists and no other file was named.
USUAL_CONFIG = Path("config.toml")


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """For commands that take none."""


@dataclass(frozen=True)
class Command:
    """A name, one line of help, its arguments, and what it does; run returns the exit status."""

    name: str
    help: str
    run: Callable[[Config, argparse.Namespace], Coroutine[Any, Any, int]]
    add_arguments: Callable[[argparse.ArgumentParser], None] = no_arguments


def build_parser(commands: Iterable[Command], asked: Sequence[str]) -> argparse.ArgumentParser:
    """`klatch COMMAND ...`, each with its own --help.

    Only a command that is `asked` for adds its arguments: they may import its room, and the others' are not needed.
    """
    parser = argparse.ArgumentParser(prog="klatch", description="A community host that lives in your Telegram groups.")
    usual = USUAL_CONFIG if USUAL_CONFIG.exists() else None
    parser.add_argument(
        "--config", type=Path, default=usual, metavar="FILE", help="settings (config.toml when it exists)"
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in commands:
        subparser = subparsers.add_parser(command.name, help=command.help, description=command.help)
        if command.name in asked:
            command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser
