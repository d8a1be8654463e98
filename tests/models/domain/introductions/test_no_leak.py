"""Nobody can tell a no from silence: what one side ever sees is the same, to the letter and to the second.

A thousand lives, and an observer who learns from them: python -m tests.benchmarks no_leak.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from models.database import Database
from models.domain.introductions.proposals import Answer
from models.encryption import KeyRing
from models.tables.introduction import IntroductionKind
from tests.observer import Life
from tests.stage import TEXTS
from tests.statements import compile_once
from tests.village import NOW

NOES = (Answer.NOT_NOW, Answer.NOT_PERSON, Answer.NEVER)


@pytest.mark.parametrize("kind", [IntroductionKind.ASKED, IntroductionKind.ROUND])
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_no_is_seen_as_silence_is(
    seed: int, kind: IntroductionKind, migrated_file: Path, tmp_path: Path, keys: KeyRing
) -> None:
    lives = {}
    for answer in (None, *NOES, Answer.YES):
        file = shutil.copy(migrated_file, tmp_path / f"{answer}.db")
        database = compile_once(Database(f"sqlite+aiosqlite:///{file}", keys))
        services = Services(database, SimulatedClock(NOW), TEXTS, Config(), random=Random(seed))
        lives[answer] = await Life(services, seed, kind, answer).live()
        await database.close()

    for no in NOES:
        assert lives[no] == lives[None]
    # The control: what may be told is told.
    assert any("Mia, meet " in one for one in lives[Answer.YES])
    assert lives[Answer.YES] != lives[None]
    if kind == IntroductionKind.ASKED:
        assert reports(lives[Answer.YES]) != reports(lives[None])
        # One more in vain than others were: the number is told, and tells of nobody.
        assert any(" asked" in one for one in reports(lives[None]))


def reports(seen: list[str]) -> list[str]:
    """What an admin's report said, week by week."""
    return [one.partition(" report ")[2] for one in seen if " report " in one]
