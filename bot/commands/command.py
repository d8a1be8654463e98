"""The shape of a command, and the parser made of all of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.config import Config

FIRST_STEPS = """\
first steps:
  klatch demo                   see it at work, without Telegram
  KLATCH_TELEGRAM__TOKEN=... klatch run
  klatch import result.json     let it know a group's past
  klatch doctor                 is everything as it should be?

Each command has its own --help."""
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
    # Shown under its --help, as they would be typed.
    examples: Sequence[str] = ()


def build_parser(commands: Iterable[Command], arguments: Sequence[str]) -> argparse.ArgumentParser:
    """`klatch COMMAND ...`, each with its own --help.

    Only a command that is `arguments` for adds its arguments: they may import its room, and the others' are not needed.
    """
    parser = argparse.ArgumentParser(
        prog="klatch",
        description="A community host that lives in your Telegram groups.",
        epilog=FIRST_STEPS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"klatch {version('klatch')}")
    usual = USUAL_CONFIG if USUAL_CONFIG.exists() else None
    parser.add_argument(
        "--config", type=Path, default=usual, metavar="FILE", help="settings (config.toml when it exists)"
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in commands:
        subparser = subparsers.add_parser(
            command.name,
            help=command.help,
            description=command.help,
            epilog="\n  ".join(("examples:", *command.examples)) if command.examples else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if command.name in arguments:
            command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser
