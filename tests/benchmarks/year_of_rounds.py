"""A simulated year of weekly rounds whose truth is known: who would truly want whom, by what each has and lacks.

120 members each lack one of 24 things a month and have two; six in ten say so, and a match is seen seven times
of ten; some that are seen are none. Some are liked more, some like more. P(yes) is far higher where the other has what one lacks;
likeness (both lack, or both have, the same) adds nothing. Everybody answers truly; a yes of both is an introduction wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import numpy as np

from models.domain.introductions import round_pairs
from models.domain.introductions.round_facts import Circle, Person
from models.learning.arrays import Bools, Floats, Ints
from models.learning.assignment import assign
from models.learning.market import market
from models.tables.listing import Listing
from models.tables.member import Member

N_MEMBERS, N_THINGS, N_ROUNDS, N_SEEDS = 120, 24, 52, 3
SPEAKS, SEEN, FALSE_MATCH = 0.6, 0.7, 0.05
BEGINNING = datetime(2026, 1, 5, 10, tzinfo=UTC)
HEADER = "| matching | both want | wanted a member: mean / lowest tenth | Gini of wanted | left out a round | repeats |"


@dataclass
class Society:
    """The truth: what each lacks this month and has, how much each likes and is liked."""

    rng: np.random.Generator
    lacks: Ints
    has: Bools
    gives: Floats
    gets: Floats
    speaks: Bools

    @classmethod
    def found(cls, seed: int) -> Society:
        """Another one for each seed."""
        rng = np.random.default_rng(seed)
        has = np.zeros((N_MEMBERS, N_THINGS), dtype=np.bool_)
        for row in has:
            row[rng.choice(N_THINGS, 2, replace=False)] = True
        society = cls(
            rng,
            np.zeros(N_MEMBERS, dtype=np.int64),
            has,
            *rng.normal(0, 0.8, (2, N_MEMBERS)),
            rng.random(N_MEMBERS) < SPEAKS,
        )
        society.begin_month()
        return society

    def begin_month(self) -> None:
        """Everybody lacks something else, nothing that they have."""
        free = np.where(self.has, -1.0, self.rng.random(self.has.shape))
        self.lacks = free.argmax(axis=1)

    def meets(self) -> Bools:
        """(n, n): whether the column has what the row lacks."""
        return self.has[:, self.lacks].T

    def chance(self) -> Floats:
        """(n, n): P(the row truly wants to meet the column)."""
        helped = self.meets()
        z = -1.7 + 2.4 * helped + 0.9 * helped.T + self.gives[:, None] + self.gets
        return np.asarray(1 / (1 + np.exp(-z)))

    def heard(self) -> Bools:
        """(n, n): matches as far as they were said and seen, a few of them false."""
        both_speak = self.speaks[:, None] & self.speaks
        seen = self.meets() & (self.rng.random(both_speak.shape) < SEEN)
        return both_speak & (seen | (self.rng.random(both_speak.shape) < FALSE_MATCH / N_THINGS * 2))


def _listing(member_id: int, kind: str) -> Listing:
    return Listing(member_id=member_id, kind=kind, text="it")


def by_klatch(society: Society, never: Bools, number: int) -> list[tuple[int, ...]]:
    """As rounds do it."""
    matches = [(_listing(int(i), "need"), _listing(int(j), "offer")) for i, j in np.argwhere(society.heard())]
    people = tuple(
        Person(Member(id=i, telegram_id=i + 1, name="x"), hours_up=frozenset(range(24))) for i in range(N_MEMBERS)
    )
    circle = Circle(people, meetings=matches, never=frozenset((int(i), int(j)) for i, j in np.argwhere(never)))
    return [group for group, _ in round_pairs.choose(circle, seed=number, now=BEGINNING).groups]


def by_worth(society: Society, never: Bools, number: int, *, likeness: bool) -> list[tuple[int, ...]]:
    """The best assignment of likeness, or of chance."""
    alike = (society.has[:, None] & society.has).sum(axis=2) + (society.lacks[:, None] == society.lacks)
    noise = np.random.default_rng(number).random(never.shape)
    value = alike * society.speaks[:, None] * society.speaks * likeness + 0.1 * (noise + noise.T)
    i, j = np.nonzero(np.triu(~never, 1))
    plan = assign(market(N_MEMBERS, np.stack([i, j], axis=1), value[i, j] + 0.01, bonus=1.0, seed=number))
    return [tuple(pair) for pair in plan.pairs.tolist()]


METHODS = {
    "random": partial(by_worth, likeness=False),
    "likeness": partial(by_worth, likeness=True),
    "Klatch": by_klatch,
}


def live(name: str, seed: int) -> tuple[float, float, float, float, float, int]:
    """One year by one method: the numbers of its row."""
    society, never = Society.found(seed), np.eye(N_MEMBERS, dtype=np.bool_)
    wanted, n_made, n_left, repeats = np.zeros(N_MEMBERS), 0, 0, 0
    for number in range(N_ROUNDS):
        if number % 4 == 0:
            society.begin_month()
        groups = METHODS[name](society, never, number)
        answers = society.rng.random((N_MEMBERS, N_MEMBERS)) < society.chance()
        for i, j in ((a, b) for group in groups for k, a in enumerate(group) for b in group[k + 1 :]):
            repeats += bool(never[i, j])
            never[i, j] = never[j, i] = True
            n_made += 1
            wanted[[i, j]] += answers[i, j] & answers[j, i]
        n_left += N_MEMBERS - len({member for group in groups for member in group})
    lowest = float(np.sort(wanted)[: N_MEMBERS // 10].mean())
    return float(wanted.sum() / 2 / n_made), float(wanted.mean()), lowest, _gini(wanted), n_left / N_ROUNDS, repeats


def _gini(values: Floats) -> float:
    """0: all have as much; 1: one has all."""
    ordered = np.sort(values)
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def main() -> list[str]:
    """A row a method, means over seeds; the spread of the share."""
    lines = [HEADER, "|---|---:|---:|---:|---:|---:|"]
    for name in METHODS:
        years = np.array([live(name, seed) for seed in range(N_SEEDS)])
        share, mean, lowest, gini, left, repeats = years.mean(axis=0)
        of_members = f"{mean:.1f} / {lowest:.1f} | {gini:.2f}"
        lines.append(f"| {name} | {share:.3f} ± {years[:, 0].std():.3f} | {of_members} | {left:.2f} | {repeats:.0f} |")
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
