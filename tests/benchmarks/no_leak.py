"""Whether an observer who sees all that one side sees can tell a no from silence: python -m tests.benchmarks no_leak

Lives of tests/observer.py, one by one: in half of them the other side stays silent, in half they say one of the three noes. The
observer learns from the first half which words, numbers and instants of chats, files and groups speak for a no (naive Bayes
over those that tell most), and guesses the others. The control is the same observer on yeses.
"""

from __future__ import annotations

import asyncio
import math
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from migrations.upgrade import upgrade
from models.database import Database
from models.domain.introductions.proposals import Answer
from models.encryption import KeyRing
from models.tables.introduction import IntroductionKind
from tests.conftest import KEY
from tests.observer import Life
from tests.stage import TEXTS
from tests.statements import compile_once, remember_dialect
from tests.village import NOW

N_RUNS, N_CONTROLS = 1_000, 100
# The observer goes by so many signs.
MOST_SIGNS = 20
NOES = (Answer.NOT_NOW, Answer.NOT_PERSON, Answer.NEVER)
KINDS = (IntroductionKind.ASKED, IntroductionKind.ROUND)

# What was seen in one life, and whether the other side answered.
Case = tuple[Counter[str], bool]


def main(n_runs: int = N_RUNS, n_controls: int = N_CONTROLS) -> list[str]:
    """A line for noes and one for yeses."""
    with tempfile.TemporaryDirectory() as folder:
        noes = asyncio.run(_cases(Path(folder), n_runs, NOES))
        yeses = asyncio.run(_cases(Path(folder), n_controls, (Answer.YES,)))
    return [
        "| told apart from silence | runs | guessed right | by chance |",
        "|---|--:|--:|--:|",
        _row("no", noes),
        _row("yes", yeses),
    ]


async def _cases(folder: Path, n_runs: int, answers: Sequence[Answer]) -> list[Case]:
    base = folder / "base.db"
    if not base.exists():
        await _migrate(base)
    return [await _case(folder, base, seed, answers) for seed in range(n_runs)]


async def _migrate(base: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{base}", KeyRing([KEY]))
    await upgrade(database)
    remember_dialect(database)
    await database.close()


async def _case(folder: Path, base: Path, seed: int, answers: Sequence[Answer]) -> Case:
    # As many of each arm in either half, of either kind.
    answer = Random(f"{seed}:arm").choice(answers) if seed // len(KINDS) % 2 else None
    database = compile_once(Database(f"sqlite+aiosqlite:///{shutil.copy(base, folder / 'life.db')}", KeyRing([KEY])))
    services = Services(database, SimulatedClock(NOW), TEXTS, Config(), random=Random(seed))
    seen = await Life(services, seed, KINDS[seed % 2], answer).live()
    await database.close()
    return _signs(seen), answer is not None


def _signs(seen: Sequence[str]) -> Counter[str]:
    """Words and numbers of all that was seen, how much there was of it, and how it is spread over time."""
    signs = Counter(set(re.findall(r"\w+", " ".join(seen))))
    signs[f"{len(seen)} things seen"] += 1
    signs.update({f"{n} letters long": 1 for n in {len(one) for one in seen}})
    return signs


def _row(name: str, cases: Sequence[Case]) -> str:
    half = len(cases) // 2
    observer = _Observer(cases[:half])
    rest = cases[half:]
    n_right = sum(observer.guess(signs) == is_answer for signs, is_answer in rest)
    spread = 0.5 / math.sqrt(len(rest))
    return f"| {name} | {len(cases)} | {n_right / len(rest):.3f} | .500 ± {spread:.3f} |"


class _Observer:
    """Naive Bayes over the signs that tell the arms apart best."""

    def __init__(self, cases: Sequence[Case]) -> None:
        n = Counter(is_answer for _, is_answer in cases)
        counts = {arm: Counter[str]() for arm in (True, False)}
        for signs, is_answer in cases:
            counts[is_answer].update(signs.keys())
        shares = {
            sign: tuple((counts[arm][sign] + 0.5) / (n[arm] + 1) for arm in (True, False))
            for sign in counts[True] | counts[False]
        }
        telling = sorted(shares, key=lambda sign: -abs(shares[sign][0] - shares[sign][1]))[:MOST_SIGNS]
        self._weights = {sign: _odds(shares[sign][0]) - _odds(shares[sign][1]) for sign in telling}
        self._without = sum(math.log((1 - yes) / (1 - no)) for yes, no in (shares[sign] for sign in telling))

    def guess(self, signs: Counter[str]) -> bool:
        """Whether the other side answered."""
        return self._without + sum(self._weights.get(sign, 0.0) for sign in signs) > 0


def _odds(share: float) -> float:
    return math.log(share / (1 - share))
