"""Invented evenings whose truth is known: hosts, tastes, friends, lives that come and go, then the answers they leave.

Needs numpy only. How it works: every event has a host and a topic of that host; each member who is around says yes with log
odds = BASE + own keenness + TASTE_PULL * taste + HOST_PULL * fondness of the host + FRIEND_PULL if a friend said yes before.
Members are around in spells of weeks, so what they did last month says something about next month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.learning.arrays import DAY, HOUR, Bools, Floats, Ints
from models.learning.gatherings import Answers, Gatherings, Ratings

N_TOPICS, HOSTS_TOPICS = 6, 2
BASE_LOG_ODDS, TASTE_PULL, HOST_PULL, FRIEND_PULL = -3.6, 3.0, 1.6, 1.2
FIRST_MEMBER_ID, FIRST_WORD = 1_000, 500
# How long somebody is around, and away, in weeks on average.
SPELL_WEEKS = 12.0


@dataclass(frozen=True, eq=False)
class EventTruth:
    """What really drives the invented members; rows in the order of `members`.

    tastes (n_members, N_TOPICS) shares; fondness (n_members, n_hosts) of each host, about -1 to 2; topic, host (n_events,),
    host an index; says_yes (n_members, n_events) true probability at the time they decided.
    """

    tastes: Floats
    fondness: Floats
    is_friend: Bools
    topic: Ints
    host: Ints
    says_yes: Floats


def invent_events(
    rng: np.random.Generator,
    *,
    n_members: int = 150,
    n_events: int = 160,
    n_hosts: int = 6,
    start_at: float = 1_735_689_600.0,
) -> tuple[Gatherings, EventTruth]:
    """A community's events, two a week, and their truth; the same generator state gives the same events."""
    tastes = rng.dirichlet(np.full(N_TOPICS, 0.4), n_members)
    fondness = np.where(rng.random((n_members, n_hosts)) < 0.25, rng.gamma(3.0, 0.5, (n_members, n_hosts)), -0.5)
    close = np.triu(rng.random((n_members, n_members)) < 4 / n_members, 1)
    is_friend = close | close.T
    keenness = rng.gamma(1.2, 0.7, n_members)
    host = rng.integers(n_hosts, size=n_events)
    topic = (host + rng.integers(HOSTS_TOPICS, size=n_events)) % N_TOPICS
    posted_at = start_at + (np.arange(n_events) * 3.5 + rng.random(n_events)) * DAY
    around = _around(rng, n_members, n_events)
    says_yes, rows = np.zeros((n_members, n_events)), []
    for event in range(n_events):
        pull = keenness + TASTE_PULL * tastes[:, topic[event]] + HOST_PULL * fondness[:, host[event]]
        rows += _answer_rows(
            rng, event, pull, is_friend, around[:, event], says_yes, posted_at[event], int(host[event])
        )
    rows.sort()
    truth = EventTruth(tastes, fondness, is_friend, topic.astype(np.int64), host.astype(np.int64), says_yes)
    return _gatherings(rng, rows, truth, posted_at), truth


def _around(rng: np.random.Generator, n_members: int, n_events: int) -> Bools:
    """Who is around at each event, in spells; a third is to begin with."""
    here = np.zeros((n_members, n_events), dtype=np.bool_)
    state = rng.random(n_members) < 0.33
    for event in range(n_events):
        here[:, event] = state
        state = state ^ (rng.random(n_members) < np.where(state, 1.0, 0.5) / (2 * SPELL_WEEKS))
    return here


def _answer_rows(
    rng: np.random.Generator,
    event: int,
    pull: Floats,
    is_friend: Bools,
    is_around: Bools,
    says_yes: Floats,
    posted_at: float,
    host: int,
) -> list[tuple[float, int, int, bool]]:
    """(when, member, event, is yes) of everyone who answers, the host first; whoever is away hardly ever does."""
    is_yes = np.zeros(len(pull), dtype=np.bool_)
    rows = [(posted_at, host, event, True)]
    is_yes[host] = True
    for member in rng.permutation(len(pull)).tolist():
        log_odds = BASE_LOG_ODDS + pull[member] + FRIEND_PULL * (is_friend[member] & is_yes).any()
        probability = float((0.05, 1.0)[int(is_around[member])] / (1 + np.exp(-log_odds)))
        says_yes[member, event] = probability
        if member != host and rng.random() < probability:
            is_yes[member] = True
            rows.append((posted_at + float(rng.exponential(2 * DAY)), member, event, True))
        elif member != host and is_around[member] and rng.random() < 0.03:
            rows.append((posted_at + float(rng.exponential(2 * DAY)), member, event, False))
    return rows


def _gatherings(
    rng: np.random.Generator, rows: list[tuple[float, int, int, bool]], truth: EventTruth, posted_at: Floats
) -> Gatherings:
    starts_at = posted_at + 14 * DAY
    weekday = (starts_at // DAY).astype(np.int64) % 7
    return Gatherings(
        members=np.arange(len(truth.tastes), dtype=np.int64) + FIRST_MEMBER_ID,
        starts_at=starts_at,
        host=truth.host + FIRST_MEMBER_ID,
        answers=Answers(
            member=np.array([member for _, member, _, _ in rows], dtype=np.int64) + FIRST_MEMBER_ID,
            at=np.array([at for at, *_ in rows]),
            event=np.array([event for _, _, event, _ in rows], dtype=np.int64),
            is_yes=np.array([is_yes for *_, is_yes in rows], dtype=np.int64),
            stayed_away=np.zeros(len(rows), dtype=np.int64),
        ),
        ratings=_ratings(rng, rows, truth, starts_at),
        hour=np.full(len(posted_at), 19, dtype=np.int64),
        weekday=weekday,
        word_event=np.arange(len(posted_at), dtype=np.int64),
        word=truth.topic + FIRST_WORD,
    )


def _ratings(
    rng: np.random.Generator, rows: list[tuple[float, int, int, bool]], truth: EventTruth, starts_at: Floats
) -> Ratings:
    """One guest of four rates, an hour after two hours; the fonder of the host, the more stars."""
    ratings = sorted(
        (float(starts_at[event]) + 3 * HOUR, member, event)
        for _, member, event, is_yes in rows
        if is_yes and member != truth.host[event] and rng.random() < 0.25
    )
    fond = [truth.fondness[member, truth.host[event]] for _, member, event in ratings]
    return Ratings(
        member=np.array([member for _, member, _ in ratings], dtype=np.int64) + FIRST_MEMBER_ID,
        at=np.array([at for at, *_ in ratings]),
        event=np.array([event for *_, event in ratings], dtype=np.int64),
        stars=np.clip(np.round(3.2 + np.array(fond) + rng.normal(0, 0.7, len(fond))), 1, 5).astype(np.int64),
    )
