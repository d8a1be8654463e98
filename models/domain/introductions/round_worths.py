"""What introducing each two in a round is worth, and who is a candidate for whom. For jobs alone; it loads numpy and scipy.

A pair's worth is the chance that one says yes times the chance that the other does, by a rule that nobody trained: what one needs
and the other has, and no need of being introduced where two talk anyway. Moving both chances by who met whom before was tried,
and gained nothing in a simulated year (tests/benchmarks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.sparse import csr_array

from models.domain.conversations.own_fields import Talks, Trace
from models.domain.introductions.reasons import FEW_MESSAGES, LATELY
from models.domain.introductions.round_facts import Circle, Person
from models.learning.arrays import Bools, Floats, Ints
from models.reading.fields import Field

# The chance that somebody says yes to a stranger, and what adds to it: the other has what they need, they have what the other
# needs, the other answers what they ask about, both talk about one field.
STRANGER, NEED_MET, CAN_GIVE, CAN_LEARN, SAME_FIELD, MOST = 0.3, 0.4, 0.15, 0.2, 0.1, 0.95
# Answers between two at which an introduction is half as useful; friends of friends, and theirs, are worth more than strangers.
HALF_AT, TWO_STEPS, THREE_STEPS = 4.0, 1.25, 1.15
# Who was introduced before is there for those who would have nobody else.
AGAIN = 0.1
# Hours a day in which both are up that are enough; with fewer it works less well, and without a language that both read hardly.
ENOUGH_HOURS, NO_LANGUAGE = 4, 0.05
# Candidates of each member, by worth and by worth beside what is usual for the other.
MOST_CANDIDATES, MOST_UNUSUAL = 20, 15
# Rows of pairs looked at in one piece.
PIECE = 500


def candidates(circle: Circle, never: set[tuple[int, int]], *, now: datetime) -> tuple[Ints, Floats]:
    """(n_pairs, 2) places of people and (n_pairs,) worths: the best of each, none in `never`."""
    n = len(circle.people)
    if n < 2:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    chances = _chances(circle), _Fields.of(circle, now)
    place = {person.member.id: i for i, person in enumerate(circle.people)}
    known = {(place[one], place[other]) for one, other in circle.before if one in place and other in place}
    less = _pairs(never), _pairs(known)
    chosen = [_best_of(rows, *chances, circle, *less) for rows in np.array_split(np.arange(n), -(-n // PIECE))]
    pairs = np.concatenate([part[0] for part in chosen])
    return pairs, np.concatenate([part[1] for part in chosen])


def _pairs(places: set[tuple[int, int]]) -> Ints:
    """(n, 2), in order."""
    return np.array(sorted(places), dtype=np.int64).reshape(-1, 2)


def _best_of(
    rows: Ints, meets: csr_array, fields: _Fields, circle: Circle, apart: Ints, earlier: Ints
) -> tuple[Ints, Floats]:
    """The best candidates of these people; none `apart`, those of `earlier` rounds for a tenth."""
    everybody = np.arange(len(circle.people))
    chance = np.minimum(STRANGER + meets[rows].toarray() + fields.gain(rows, everybody), MOST)
    chance_back = np.minimum(STRANGER + meets[:, rows].toarray() + fields.gain(everybody, rows), MOST).T
    worth = chance * chance_back * _nearness(rows, circle) * _ease(rows, circle)
    worth[np.arange(len(rows)), rows] = 0.0
    for pairs, share in ((earlier, AGAIN), (apart, 0.0)):
        own = pairs[(pairs[:, 0] >= rows[0]) & (pairs[:, 0] <= rows[-1])]
        worth[own[:, 0] - rows[0], own[:, 1]] *= share
    # Worth alone would list the same popular members for all, and leave many with nobody: some count by what is usual for them.
    usual = worth.mean(axis=0) + 1e-9
    is_listed = _are_highest(worth, MOST_CANDIDATES) | _are_highest(worth / usual, MOST_UNUSUAL)
    i, j = np.nonzero(is_listed & (worth > 0))
    return np.stack([rows[i], j], axis=1).astype(np.int64), worth[i, j]


def _are_highest(values: Floats, n: int) -> Bools:
    """The n highest of each row."""
    n = min(n, values.shape[1])
    best = np.argpartition(-values, n - 1, axis=1)[:, :n]
    are_highest = np.zeros(values.shape, dtype=np.bool_)
    np.put_along_axis(are_highest, best, values=True, axis=1)
    return are_highest


def _chances(circle: Circle) -> csr_array:
    """(n, n): what a need and the offer that meets it add to the chance that each says yes to each other."""
    place = {person.member.id: i for i, person in enumerate(circle.people)}
    extra: dict[tuple[int, int], float] = {}
    for need, offer in circle.meetings:
        asker, helper = place[need.member_id], place[offer.member_id]
        extra[asker, helper], extra[helper, asker] = NEED_MET, max(CAN_GIVE, extra.get((helper, asker), 0.0))
    ends = np.array([*extra], dtype=np.int64).reshape(-1, 2)
    n = len(circle.people)
    return csr_array((np.array([*extra.values()]), (ends[:, 0], ends[:, 1])), shape=(n, n))


@dataclass(frozen=True)
class _Fields:
    """What everybody asks about lately, knows and takes part in: (n_people, n_fields) each."""

    asks: Bools
    knows: Bools
    n_solved: Ints
    takes_part: Bools

    @classmethod
    def of(cls, circle: Circle, now: datetime) -> _Fields:
        """Over all groups that we may learn from; what is said of a pair is looked up in those that both are in."""
        none, since = Trace(now, 0), now - LATELY
        asks, knows, solved, part = (np.zeros((len(circle.people), len(Field)), dtype=np.int64) for _ in range(4))
        for i, person in enumerate(circle.people):
            talks = Talks.together(person.talks.values())
            own = talks.own()
            for k, one in enumerate(Field):
                asks[i, k] = (
                    one in talks.questions and one not in talks.choices.denials and talks.questions[one].at >= since
                )
                knows[i, k] = one in own
                solved[i, k] = talks.solutions.get(one, none).n
                part[i, k] = one in own and talks.contributions.get(one, none).n >= FEW_MESSAGES
        return cls(asks > 0, knows > 0, solved, part > 0)

    def gain(self, by: Ints, to: Ints) -> Floats:
        """(len(by), len(to)): what each of `by` gains from each of `to`, by the rules of reasons.py."""
        learns = np.zeros((len(by), len(to)), dtype=np.bool_)
        shares = np.zeros_like(learns)
        for k in range(self.asks.shape[1]):
            needed = np.maximum(FEW_MESSAGES, self.n_solved[by, k] + 1)[:, None]
            learns |= self.asks[by, k][:, None] & self.knows[to, k] & (self.n_solved[to, k] >= needed)
            shares |= self.takes_part[by, k][:, None] & self.takes_part[to, k]
        return np.where(learns, CAN_LEARN, np.where(shares, SAME_FIELD, 0.0))


def _nearness(rows: Ints, circle: Circle) -> Floats:
    """How much an introduction would add: less the more two talk, most for those two or three steps apart."""
    place = {person.member.id: i for i, person in enumerate(circle.people)}
    strangers = [member_id for pair in circle.replies for member_id in pair if member_id not in place]
    place |= {member_id: len(place) + i for i, member_id in enumerate(dict.fromkeys(strangers))}
    n, n_people = len(place), len(circle.people)
    ends = np.array([(place[a], place[b]) for a, b in circle.replies], dtype=np.int64).reshape(-1, 2)
    counts = csr_array((np.array([*circle.replies.values()], dtype=np.float64), (ends[:, 0], ends[:, 1])), shape=(n, n))
    between = counts + counts.T
    tie = (between > 0).astype(np.float64).tocsr()
    direct = between[rows].toarray()
    two = tie[rows] @ tie
    three = (two @ tie).toarray() > 0
    steps = np.where(two.toarray() > 0, TWO_STEPS, np.where(three, THREE_STEPS, 1.0))
    near = np.where(direct > 0, 1.0 / (1.0 + (direct / HALF_AT) ** 2), steps)
    return np.asarray(near[:, :n_people])


def _ease(rows: Ints, circle: Circle) -> Floats:
    """Hours in which both are up, and a language that both read."""
    people = circle.people
    up = np.array([[hour in person.hours_up for hour in range(24)] for person in people], dtype=np.float64)
    reads = np.array([[one in _reads(person) for one in _LANGUAGES] for person in people], dtype=np.float64)
    hours = np.minimum((up[rows] @ up.T) / ENOUGH_HOURS, 1.0)
    is_unknown = reads.sum(axis=1) == 0
    shares = (reads[rows] @ reads.T > 0) | is_unknown[rows][:, None] | is_unknown
    return np.asarray(np.maximum(hours, 0.1) * np.where(shares, 1.0, NO_LANGUAGE))


_LANGUAGES = ("en", "han")


def _reads(person: Person) -> set[str]:
    # Whoever reads no Latin letters does not read the language of their group by being in it.
    languages = person.literacy.languages if "other" in person.literacy.scripts else frozenset()
    return {"en"} & languages | {"han"} & person.literacy.scripts
