from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import WRONG_SETUP, main
from bot.config import Config
from bot.opening import CannotStart, open_database
from models.encryption import new_key

TOKEN = {"KLATCH_TELEGRAM__TOKEN": "7000000001:TEST-token"}


def _config(
    tmp_path: Path, *, keys: tuple[str, ...] = (), url: str | None = None, key_file: Path | None = None
) -> Config:
    config = Config()
    return dataclasses.replace(
        config,
        database=dataclasses.replace(config.database, url=url or f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}"),
        privacy=dataclasses.replace(
            config.privacy, encryption_keys=keys, key_file=str(key_file or tmp_path / "klatch.key")
        ),
    )


async def test_the_first_start_makes_the_key_and_the_tables_and_the_second_finds_them(tmp_path: Path) -> None:
    config = _config(tmp_path)
    first = await open_database(config)
    fingerprint = first.keys.fingerprint
    await first.close()

    second = await open_database(config)

    assert second.keys.fingerprint == fingerprint
    await second.close()


async def _refusal(config: Config) -> str:
    with pytest.raises(CannotStart) as refused:
        await open_database(config)
    return str(refused.value)


async def test_the_wrong_key_for_a_database_is_told_before_anything_is_read(tmp_path: Path) -> None:
    mine, other = new_key(), new_key()
    await (await open_database(_config(tmp_path, keys=(mine,)))).close()

    told = await _refusal(_config(tmp_path, keys=(other,)))

    assert told.startswith("This database was written with another encryption key.")
    assert mine not in told
    assert other not in told


async def test_a_lost_key_file_does_not_pass_for_a_new_one(tmp_path: Path) -> None:
    await (await open_database(_config(tmp_path))).close()
    (tmp_path / "klatch.key").unlink()

    assert (await _refusal(_config(tmp_path))).startswith("This database was written with another encryption key.")


async def test_a_rotated_ring_opens_with_the_new_key_in_front_only(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    await (await open_database(_config(tmp_path, keys=(old,)))).close()

    await (await open_database(_config(tmp_path, keys=(new, old)))).close()

    assert "another encryption key" in await _refusal(_config(tmp_path, keys=(old, new)))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        # nothing listens there; the password is not shown
        ("postgresql+psycopg://klatch:geheim@127.0.0.1:1/klatch", r"//klatch:\*\*\*@127.0.0.1:1/klatch cannot be used"),
        # a folder that does not exist
        ("sqlite+aiosqlite:///{folder}/nowhere/klatch.db", "unable to open database file"),
        # a folder itself
        ("sqlite+aiosqlite:///{folder}", "unable to open database file"),
        # a file that is something else
        ("sqlite+aiosqlite:///{folder}/holiday.jpg", "file is not a database"),
    ],
)  # fmt: skip
async def test_a_database_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, url: str, told: str) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff" * 1_000)

    refusal = await _refusal(_config(tmp_path, url=url.format(folder=tmp_path), keys=(new_key(),)))

    assert re.search(told, refusal)
    assert "geheim" not in refusal
    assert "\n" not in refusal


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        # no token
        ({}, "There is no bot token; set KLATCH_TELEGRAM__TOKEN"),
        # a key that is none
        (TOKEN | {"KLATCH_PRIVACY__ENCRYPTION_KEYS": "short"}, "An encryption key must be 32 bytes"),
        # a setting that is none
        ({"KLATCH_TELEGRAM__TOKEM": "x"}, "telegram.tokem in the environment"),
    ],
)  # fmt: skip
def test_what_a_person_can_mend_is_one_sentence_and_an_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, environment: dict[str, str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KLATCH_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    status = main(["run"])

    said = capsys.readouterr().err
    assert status == WRONG_SETUP
    assert said.startswith(f"klatch: {told}")
    assert said.count("\n") == 1
