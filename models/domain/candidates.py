"""Candidates for digests: several sources gather live threads, the champion (or the plain baseline) scores them.

Imported by jobs alone; it loads numpy. Filters, reasons and choice are digests.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain import champions
from models.domain.champions import ChampionIsUnreadable
from models.domain.digest_items import Found
from models.domain.training import Learnt
from models.learning import behaviour_model, recommender
from models.learning.arrays import Ints
from models.learning.behaviour_model import BehaviourModel
from models.learning.features import FALLBACK_COLUMNS, FEATURE_NAMES, Snapshot, snapshot
from models.learning.fitting import Examples
from models.learning.history import History
from models.learning.text import TextSpace

# Candidates kept per member before filters, and members looked at together (memory: members x threads x features).
PER_MEMBER = 40
MEMBERS_AT_ONCE = 200
# Whoever is no learner is asked about under this id: in no array, hence cold.
NOBODY = -1
DIRECTIONS = 64


@dataclass(frozen=True)
class Scorer:
    """What scores: a space for words and a behaviour model, None while the baseline serves."""

    space: TextSpace
    model: BehaviourModel | None
    model_id: int | None
    problems: tuple[ChampionIsUnreadable, ...] = ()


async def load_scorer(session: AsyncSession, community_id: int, learnt: Learnt) -> Scorer:
    """The champions of this community; what is missing or unreadable is replaced by what needs no training."""
    problems: list[ChampionIsUnreadable] = []
    serving = {}
    for name in ("recommender", "interaction_model"):
        try:
            serving[name] = await champions.champion(session, community_id, name)
        except ChampionIsUnreadable as problem:
            problems.append(problem)
    recommending, acting = serving.get("recommender"), serving.get("interaction_model")
    space = recommending.model if recommending else fit_space(learnt.log.messages.text)
    is_known = acting is not None and acting.model.feature_names == FEATURE_NAMES
    model = acting.model if acting and is_known else None
    return Scorer(space, model, acting.row_id if acting and is_known else None, tuple(problems))


def fit_space(texts: Sequence[str]) -> TextSpace:
    """The words of a community's consenting members; deterministic, a second or so for 20,000 messages."""
    return TextSpace.fit(texts, n_directions=DIRECTIONS)


def find(
    learnt: Learnt, scorer: Scorer, members: Iterable[int], *, now: datetime, live_days: float
) -> dict[int, list[Found]]:
    """The best live threads for each member, best first; empty lists where nothing is live."""
    wanted = sorted(set(members))
    if not len(learnt.log.messages) or not wanted:
        return {member: [] for member in wanted}
    history = History.of(learnt.log, scorer.space)
    known = sorted({member if member in learnt.learners else NOBODY for member in wanted})
    found: dict[int, list[Found]] = {}
    for start in range(0, len(known), MEMBERS_AT_ONCE):
        asked = np.array(known[start : start + MEMBERS_AT_ONCE], dtype=np.int64)
        view = snapshot(history, now.timestamp(), asked, live_days=live_days)
        found |= _ranked(view, scorer, _thread_ids(history, view, learnt.thread_id))
    return {member: found.get(member if member in learnt.learners else NOBODY, []) for member in wanted}


def _thread_ids(history: History, view: Snapshot, thread_id: Ints) -> Ints:
    """Our row of each live thread: that of its first message."""
    first = np.unique(history.thread, return_index=True)[1]
    ids: Ints = thread_id[first[view.threads]]
    return ids


def _ranked(view: Snapshot, scorer: Scorer, thread_ids: Ints) -> dict[int, list[Found]]:
    pairs = recommender.candidates(view)
    model = scorer.model or baseline(view)
    chances = (
        model.predict(view.rows()).reshape(view.cube.shape[:2]) if view.cube.size else np.zeros(view.cube.shape[:2])
    )
    order = model.score(view.rows()).reshape(view.cube.shape[:2]) if view.cube.size else chances
    sources = recommender.source_scores(view)
    popular = sources["popularity"] + 0.1 * sources["recency"]
    found: dict[int, list[Found]] = {}
    for row, member in enumerate(view.members.tolist()):
        mine = np.flatnonzero(pairs.member_row == row)
        by = popular[row] if view.is_cold[row] else order[row]
        best = mine[np.argsort(-by[pairs.thread_column[mine]], kind="stable")][:PER_MEMBER]
        found[member] = [
            Found(
                thread_id=int(thread_ids[pairs.thread_column[i]]),
                source=pairs.sources(int(i))[0],
                score=float(chances[row, pairs.thread_column[i]]),
                shares={} if view.is_cold[row] else model.contributions(view.cube[row, pairs.thread_column[i]]),
            )
            for i in best
        ]
    return found


def baseline(view: Snapshot) -> BehaviourModel:
    """The untrained sum, scaled by what is seen right now."""
    rows = view.rows()
    n = len(rows)
    none = np.zeros(n)
    whole = np.zeros(n, dtype=np.int64)
    seen = Examples(rows, none.astype(np.bool_), none, whole, whole, np.ones(n), FEATURE_NAMES)
    return behaviour_model.baseline(seen, columns=FALLBACK_COLUMNS)
