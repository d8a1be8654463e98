"""How surely threads are woven: the trade-off on talk that is new to the weights. Run: python -m tests.benchmarks weaving

For each level of certainty: of the messages that surely join a conversation, how many are in it (right); of those that go on with
something, how many surely do (found); of the messages that surely begin something, how many do, and how many of all that do.
F1 is that of the likeliest links alone. Also how long weaving takes, in microseconds of processor time a message.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from models.learning.threads import find_ties, parents
from tests.benchmarks.learning_data import exports, needs_data
from tests.benchmarks.weaving_data import (
    Labelled,
    conversations,
    hidden_addressees,
    invented_weeks,
    irc_days,
    later_part,
    partly_unheard,
    questions_and_answers,
)
from tests.benchmarks.weaving_fit import N_TRAINING_DAYS

LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
SEEDS = range(40, 46)


@needs_data
def main() -> None:
    """A table a source, then the speed."""
    rng = np.random.default_rng(6)
    days = irc_days()[N_TRAINING_DAYS:]
    _table("IRC, later days", days)
    _table("the same, part of the speakers unheard", [partly_unheard(day, rng) for day in days])
    _table("invented weeks", [invented_weeks(seed) for seed in SEEDS])
    _table("the same without reply links", [invented_weeks(seed, has_links=False) for seed in SEEDS])
    _table("questions and answers, later quarter", [later_part(questions_and_answers())])
    _table("hidden addressees", [hidden_addressees(name) for name in ("clojure", "elm-general")])
    for name, log in exports().items():
        began = time.process_time()
        find_ties(log)
        print(f"{name:16} {(time.process_time() - began) / len(log.messages) * 1e6:5.0f} us a message")


def _table(name: str, labelled: Sequence[Labelled]) -> None:
    print(f"\n{name}: F1 {np.mean([_f1(one) for one in labelled]):.3f}")
    for level in LEVELS:
        joins, begins = (np.concatenate(part) for part in zip(*(_judged(one, level) for one in labelled), strict=True))
        print(f"  {level:.2f}  joins: {_of(joins)}   begins: {_of(begins)}")


def _of(judged: np.ndarray) -> str:
    """`judged` has, a row each: whether it was said, whether it is so, whether that was right."""
    said, is_so, right = judged.T
    n_right = right[said].sum()
    return f"right {n_right / max(said.sum(), 1):.3f} of {said.sum():5d}, found {n_right / max(is_so.sum(), 1):.3f}"


def _judged(one: Labelled, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows for `_of`; joining a message that nobody labelled tells nothing unless it is the true one."""
    ties, place, truth = find_ties(one.log, one.unheard, sure=level), _places(one), conversations(one)
    joins, begins = [], []
    for i in np.flatnonzero(np.isin(place, list(one.links))).tolist():
        links, earlier = one.links[int(place[i])], int(place[ties.parent[i]])
        is_join, is_new = bool(ties.is_certain[i]), -1 in links
        is_known = one.never_begins or earlier in truth or earlier in links or not is_join
        is_right = earlier in links or truth.get(earlier) == truth[int(place[i])]
        joins.append((is_join and is_known, not is_new, is_join and is_right))
        begins.append((bool(ties.begins[i]), is_new, is_new and bool(ties.begins[i])))
    return np.array(joins, np.bool_), np.array(begins, np.bool_)


def _places(one: Labelled) -> np.ndarray:
    """The index of each message of the log among all, the unheard too."""
    if one.unheard is None:
        return np.arange(len(one.log.messages))
    return np.arange(len(one.log.messages)) + np.searchsorted(one.unheard.at, one.log.messages.at)


def _f1(one: Labelled) -> float:
    """Of links, a message that begins something linked to itself."""
    parent, place = parents(one.log), _places(one)
    right = sum(
        (int(place[parent[i]]) if parent[i] >= 0 else -1) in one.links[at]
        for i, at in enumerate(place.tolist())
        if at in one.links
    )
    return 2 * right / (len(one.links) + sum(len(links) for links in one.links.values()))


if __name__ == "__main__":
    main()
