"""`klatch key` and `klatch rotate`: make an encryption key, and seal everything anew with it."""

from __future__ import annotations

import argparse

from bot.commands.command import Command
from bot.config import Config
from bot.opening import open_existing
from models.encryption import new_key


async def show_new_key(config: Config, options: argparse.Namespace) -> int:
    """Print a fresh key; nothing is kept."""
    print(new_key())
    return 0


async def reseal(config: Config, options: argparse.Namespace) -> int:
    """Seal every row anew with the first key of the list."""
    from models.domain.installation.rotation import rotate

    database = await open_existing(config)
    try:
        counts = await rotate(database)
    finally:
        await database.close()
    for table, n in counts.items():
        print(f"{table}: {n} resealed")
    print("Keep the old key last in the list: look-ups hang on it.")
    return 0


KEY = Command("key", "Print a new encryption key.", show_new_key, examples=("klatch key",))
ROTATE = Command(
    "rotate", "Seal all text anew with the first of privacy.encryption_keys.", reseal, examples=("klatch rotate",)
)
