"""Candidates for digests: several sources gather live threads, the champion (or the plain baseline) scores them.

Imported by jobs alone; it loads numpy. Filters, reasons and choice are digests.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.serving import champions
from models.domain.serving.champions import Champion, ChampionIsUnreadable
from models.domain.serving.training import Material
from models.learning import behaviour_model, recommender
from models.learning.arrays import Bools, Floats, Ints
from models.learning.behaviour_model import BehaviourModel
from models.learning.features import FALLBACK_COLUMNS, FEATURE_NAMES, Snapshot, snapshot
from models.learning.fitting import Examples
from models.learning.history import History, View
from models.learning.text import TextSpace
from models.tables.recommendation import Source

# Candidates per source and member, and how many of all are kept.
PER_SOURCE, PER_MEMBER = 200, 200
# Members looked at together (memory: members x threads x features).
MEMBERS_AT_ONCE = 200
# Whoever is no learner is asked about under this id: in no array, hence cold.
NOBODY = -1
DIRECTIONS = 64
# Models that rank what digests tell of.
OF_DIGESTS = ("recommender", "interaction_model")


@dataclass(frozen=True)
class FoundThread:
    """A thread that may be worth a member's time."""

    thread_id: int
    source: Source
    score: float


@dataclass(frozen=True)
class Scorer:
    """What scores: a space for words and a behaviour model, None while the baseline serves."""

    space: TextSpace
    model: BehaviourModel | None
    model_id: int | None
    problems: tuple[ChampionIsUnreadable, ...] = ()


@dataclass(frozen=True)
class Serving:
    """The champions of a community by name, and what is wrong with those that cannot be read."""

    champions: Mapping[str, Champion]
    problems: tuple[ChampionIsUnreadable, ...]

    def model_of(self, name: str) -> Any:
        """The champion's model, None where none serves."""
        return self.champions[name].model if name in self.champions else None


async def load_serving(session: AsyncSession, community_id: int, names: Iterable[str] = OF_DIGESTS) -> Serving:
    """Every champion of these names that can be read."""
    loaded_champions: dict[str, Champion] = {}
    problems: list[ChampionIsUnreadable] = []
    for name in names:
        try:
            champion = await champions.champion(session, community_id, name)
        except ChampionIsUnreadable as problem:
            problems.append(problem)
        else:
            loaded_champions |= {name: champion} if champion else {}
    return Serving(loaded_champions, tuple(problems))


async def load_scorer(session: AsyncSession, community_id: int, learnt: Material) -> Scorer:
    """What scores here: the interaction model, else the recommender, else what needs no training.

    The space of words is made anew each time: no artefact holds what members wrote, and who takes consent back is gone
    from it at once.
    """
    serving = await load_serving(session, community_id)
    space = fit_space(learnt.log.messages.text)
    for name in ("interaction_model", "recommender"):
        champion = serving.champions.get(name)
        if champion is not None and can_serve(champion.model):
            return Scorer(space, champion.model, champion.row_id, serving.problems)
    return Scorer(space, None, None, serving.problems)


def can_serve(model: BehaviourModel) -> bool:
    """False for a model of another release that asks for features we do not have; until it is trained anew."""
    return set(model.feature_names) <= set(FEATURE_NAMES)


def rows_for(model: BehaviourModel, view: Snapshot) -> Floats:
    """All pairs of a view, member by member, in the columns a model knows."""
    return view.rows()[:, [FEATURE_NAMES.index(name) for name in model.feature_names]]


def fit_space(texts: Sequence[str]) -> TextSpace:
    """The words of a community's consenting members; deterministic, a second or so for 20,000 messages."""
    return TextSpace.fit(texts, n_directions=DIRECTIONS)


@dataclass(frozen=True, eq=False)
class Pool:
    """A community's log made ready once, to look for the candidates of its members some at a time."""

    learnt: Material
    scorer: Scorer
    # None where nobody wrote.
    history: History | None

    @classmethod
    def of(cls, learnt: Material, scorer: Scorer) -> Self:
        """Read and weave the log; that is most of the work."""
        return cls(learnt, scorer, History.of(learnt.log, scorer.space) if len(learnt.log.messages) else None)

    def live_threads(self, *, now: datetime, live_days: float) -> set[int]:
        """Every thread that find() may name."""
        if self.history is None:
            return set()
        nobody = np.array([], dtype=np.int64)
        return set(self._ids(View(self.history, now.timestamp(), nobody, live_days=live_days).live).tolist())

    def find(self, members: Iterable[int], *, now: datetime, live_days: float) -> dict[int, list[FoundThread]]:
        """The best live threads for each member, best first; empty lists where nothing is live."""
        member_ids = sorted(set(members))
        if self.history is None or not member_ids:
            return {member: [] for member in member_ids}
        known_ids = sorted({self._known_as(member) for member in member_ids})
        finds: dict[int, list[FoundThread]] = {}
        for start in range(0, len(known_ids), MEMBERS_AT_ONCE):
            page = np.array(known_ids[start : start + MEMBERS_AT_ONCE], dtype=np.int64)
            view = snapshot(self.history, now.timestamp(), page, live_days=live_days)
            finds |= _rank(view, self.scorer, self._ids(view.threads))
        return {member: finds.get(self._known_as(member), []) for member in member_ids}

    def _known_as(self, member_id: int) -> int:
        return member_id if member_id in self.learnt.learners else NOBODY

    def _ids(self, threads: Ints) -> Ints:
        """Our row of each of these threads: that of its first message."""
        assert self.history is not None  # noqa: S101  # there are threads
        first = np.unique(self.history.thread, return_index=True)[1]
        ids: Ints = self.learnt.thread_id[first[threads]]
        return ids


def _rank(view: Snapshot, scorer: Scorer, thread_ids: Ints) -> dict[int, list[FoundThread]]:
    """Each member's candidates, best first; threads they have a part in already are no news."""
    if not view.cube.size:
        return {}
    pairs = recommender.candidates(view, per_source=PER_SOURCE)
    is_news = ~has_part(view.rows()).reshape(view.cube.shape[:2])
    model = scorer.model or baseline(view)
    rows = rows_for(model, view)
    by_model, chances = (values.reshape(is_news.shape) for values in (model.score(rows), model.predict(rows)))
    sources = recommender.source_scores(view)
    popular = sources["popularity"] + 0.1 * sources["recency"]
    order = np.where(view.is_cold[:, None], popular, by_model)
    values: dict[int, list[FoundThread]] = {member: [] for member in view.members.tolist()}
    for i in np.lexsort((-order[pairs.member_row, pairs.thread_column], pairs.member_row)).tolist():
        row, column = pairs.member_row[i], pairs.thread_column[i]
        own_finds = values[int(view.members[row])]
        if not is_news[row, column] or len(own_finds) >= PER_MEMBER:
            continue
        own_finds.append(FoundThread(int(thread_ids[column]), Source(pairs.sources(i)[0]), float(chances[row, column])))
    return values


def has_part(rows: Floats) -> Bools:
    """Whether the member of each pair wrote in or reacted to its thread, shape (n_rows,)."""
    part: Bools = np.any(rows[:, [FEATURE_NAMES.index(name) for name in ("my_messages", "i_reacted")]] > 0, axis=1)
    return part


def baseline(view: Snapshot) -> BehaviourModel:
    """The untrained sum, scaled by what is seen right now."""
    rows = view.rows()
    n = len(rows)
    none = np.zeros(n)
    whole = np.zeros(n, dtype=np.int64)
    examples = Examples(rows, none.astype(np.bool_), none, whole, whole, np.ones(n), FEATURE_NAMES)
    return behaviour_model.baseline(examples, columns=FALLBACK_COLUMNS)
