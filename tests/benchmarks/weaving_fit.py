"""Fits the weights of models/learning/links.py and prints them. Run: python -m tests.benchmarks weaving_fit (a minute)

Maximum likelihood of what people wrote down: of all messages nearby and "begins something", the softmax shall choose a true one.
Fitted on the earlier 110 of 153 days of Ubuntu IRC, the same days with part of the speakers unheard, six seeds of the invented
community with and without its reply links, the posts of a question-and-answer site as if written into one chat, and one public
chat with the addressees hidden (those never begin anything, so they are held against the other messages only).
tests/benchmarks/weaving.py judges on what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.learning.links import HEAD_WEIGHTS, LINK_WEIGHTS, MAX_GAP, MAX_LAG, Stream
from models.learning.threads import amid
from models.learning.traits import read_traits
from tests.benchmarks.learning_data import needs_data
from tests.benchmarks.weaving_data import (
    Labelled,
    earlier_part,
    hidden_addressees,
    invented_weeks,
    irc_days,
    partly_unheard,
    questions_and_answers,
)

N_TRAINING_DAYS = 110
SEEDS = range(20, 26)
# What each source weighs beside the days of IRC.
UNHEARD, LINKED, UNLINKED, POSTS, ADDRESSEES = 0.4, 0.3, 0.3, 0.3, 0.3
RIDGE = 1e-4


@dataclass(frozen=True, eq=False)
class Examples:
    """Labelled messages: columns of pairs (n, MAX_LAG, links), of messages (n, heads), what is right (n, MAX_LAG + 1)."""

    pairs: NDArray[np.float32]
    heads: NDArray[np.float32]
    is_near: NDArray[np.bool_]
    is_right: NDArray[np.bool_]
    weight: float
    never_begins: bool


def examples(labelled: Sequence[Labelled], weight: float) -> Examples:
    """One set of examples; messages whose link is further away than can be looked at are left out."""
    parts = [_columns(one) for one in labelled]
    pairs, heads, is_near, is_right = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Examples(pairs, heads, is_near, is_right, weight, labelled[0].never_begins)


def _columns(one: Labelled) -> tuple[NDArray[Any], ...]:
    messages, is_unheard = amid(one.log.messages, one.unheard)
    everything = np.arange(len(messages))
    stream = Stream(messages, read_traits(messages), everything, is_unheard)
    pairs = np.zeros((len(messages), MAX_LAG, len(LINK_WEIGHTS)), np.float32)
    is_near = np.zeros((len(messages), MAX_LAG), np.bool_)
    is_right = np.zeros((len(messages), MAX_LAG + 1), np.bool_)
    for lag in range(1, min(MAX_LAG, len(messages) - 1) + 1):
        pairs[lag:, lag - 1] = np.stack(list(stream.link_columns(lag).values()), axis=1)
        is_near[lag:, lag - 1] = messages.at[lag:] - messages.at[:-lag] <= MAX_GAP
    for i, links in one.links.items():
        for earlier in links:
            if earlier < 0 or i - earlier <= MAX_LAG:
                is_right[i, i - earlier if earlier >= 0 else 0] = earlier < 0 or is_near[i, i - earlier - 1]
    kept = np.flatnonzero(is_right.any(axis=1))
    heads = np.stack(list(stream.head_columns().values()), axis=1).astype(np.float32)
    return pairs[kept], heads[kept], is_near[kept], is_right[kept]


def fit(sets: Sequence[Examples]) -> tuple[dict[str, float], dict[str, float]]:
    """LINK_WEIGHTS and HEAD_WEIGHTS."""
    n = len(LINK_WEIGHTS)
    found = minimize(
        _loss, np.zeros(n + len(HEAD_WEIGHTS)), args=(sets,), jac=True, method="L-BFGS-B", options={"maxiter": 300}
    )
    weights = np.round(found.x, 2).tolist()
    return dict(zip(LINK_WEIGHTS, weights[:n], strict=True)), dict(zip(HEAD_WEIGHTS, weights[n:], strict=True))


def _loss(weights: NDArray[np.float64], sets: Sequence[Examples]) -> tuple[float, NDArray[np.float64]]:
    n = len(LINK_WEIGHTS)
    loss, slope = 0.0, np.zeros_like(weights)
    for one in sets:
        chances = _chances(weights, one)
        right = np.where(one.is_right, chances, 0)
        total = right.sum(axis=1, keepdims=True).clip(1e-12)
        away = (chances - right / total) * (one.weight / len(chances))
        loss -= one.weight * float(np.log(total).mean())
        slope[:n] += one.pairs.reshape(-1, n).T @ away[:, 1:].reshape(-1).astype(np.float32)
        slope[n:] += one.heads.T @ away[:, 0]
    whole = sum(one.weight for one in sets)
    return loss / whole + RIDGE * float(weights @ weights), slope / whole + 2 * RIDGE * weights


def _chances(weights: NDArray[np.float64], one: Examples) -> NDArray[np.float64]:
    n = len(LINK_WEIGHTS)
    log_odds = np.full((len(one.heads), MAX_LAG + 1), -np.inf)
    if not one.never_begins:
        log_odds[:, 0] = one.heads @ weights[n:]
    links = (one.pairs.reshape(-1, n) @ weights[:n].astype(np.float32)).reshape(-1, MAX_LAG)
    log_odds[:, 1:] = np.where(one.is_near, links, -np.inf)
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    chances: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
    return chances


@needs_data
def main() -> None:
    """Prints both tables."""
    rng = np.random.default_rng(5)
    days = irc_days()[:N_TRAINING_DAYS]
    sets = [
        examples(days, 1.0),
        examples([partly_unheard(day, rng) for day in days], UNHEARD),
        examples([invented_weeks(seed) for seed in SEEDS], LINKED),
        examples([invented_weeks(seed, has_links=False) for seed in SEEDS], UNLINKED),
        examples([earlier_part(questions_and_answers())], POSTS),
        examples([hidden_addressees("racket-general")], ADDRESSEES),
    ]
    for name, weights in zip(("LINK_WEIGHTS", "HEAD_WEIGHTS"), fit(sets), strict=True):
        print(f"{name} = {{", *(f'    "{column}": {weight},' for column, weight in weights.items()), "}", sep="\n")


if __name__ == "__main__":
    main()
