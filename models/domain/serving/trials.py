"""A candidate meets popularity, recency and the champion on later data than it was fitted on.

The question asked is the digest's own: which live threads that a member has had no part in yet will they join? What was
judged is what serves, so a champion, too, is always asked about days it has not seen. Imported by jobs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from models.domain.serving.candidates import baseline, can_serve, fit_space, has_part, rows_for
from models.domain.serving.champions import Trial
from models.learning import behaviour_model, interaction_model, promotion
from models.learning.arrays import DAY, Bools, Floats, Ints
from models.learning.behaviour_model import BehaviourModel
from models.learning.dataset import CommunityLog
from models.learning.evaluation import ndcg_by_query
from models.learning.features import FALLBACK_COLUMNS, FEATURE_NAMES, Snapshot, snapshot
from models.learning.fitting import CANDIDATES, Examples, Fitter, TooLittleData, fit_logistic
from models.learning.history import History
from models.learning.promotion import JudgedModel, Verdict
from models.learning.recommender import SOURCES, source_scores
from models.tables.model import ModelName

METRIC = "ndcg_at_10"
# The later part of the log that candidates are judged on: this share, within these days.
LATER_SHARE, LEAST_LATER_DAYS, MOST_LATER_DAYS = 0.3, 5.0, 28.0
# A shorter log has no past and no later.
LEAST_DAYS = 14.0
# Instants of the later part at which everybody's ranking is judged.
N_INSTANTS = 28
# The recommender weighs the sources, with the pace of the talk; habits and context are the interaction model's.
SOURCE_COLUMNS = (*SOURCES.values(), "opener_affinity", "newer_threads", "hours_open")
# Scores of every (member, thread) of a view, shape (n_members, n_threads).
Scores = Callable[[Snapshot], Floats]


@dataclass(frozen=True)
class Split:
    """When the past ends and when the later part does, unix seconds."""

    first: float
    at: float
    end: float


def split_in_time(log: CommunityLog, now: datetime) -> Split:
    """Where to cut. Raises TooLittleData when the log is too short."""
    if not len(log.messages) or now.timestamp() - log.messages.at[0] < LEAST_DAYS * DAY:
        raise TooLittleData(f"Fewer than {LEAST_DAYS:.0f} days of messages are too few to learn from.")
    first, end = float(log.messages.at[0]), now.timestamp()
    later = float(np.clip(LATER_SHARE * (end - first), LEAST_LATER_DAYS * DAY, MOST_LATER_DAYS * DAY))
    return Split(first, end - later, end)


def try_recommender(
    log: CommunityLog, champion: BehaviourModel | None, *, now: datetime, rng: np.random.Generator
) -> Trial:
    """How much each source of candidates is worth here, learned from the past, judged later. Raises TooLittleData."""
    return _try(ModelName.RECOMMENDER, SOURCE_COLUMNS, {"logistic": fit_logistic}, log, champion, now=now, rng=rng)


def try_interaction_model(
    log: CommunityLog, champion: BehaviourModel | None, *, now: datetime, rng: np.random.Generator
) -> Trial:
    """P(member joins thread) from all that is known, fitted on the past, judged later. Raises TooLittleData."""
    return _try(ModelName.INTERACTION_MODEL, FEATURE_NAMES, CANDIDATES, log, champion, now=now, rng=rng)


def _try(
    name: ModelName,
    columns: tuple[str, ...],
    fitters: Mapping[str, Fitter],
    log: CommunityLog,
    champion: BehaviourModel | None,
    *,
    now: datetime,
    rng: np.random.Generator,
) -> Trial:
    cut = split_in_time(log, now)
    history = History.of(log, fit_space(log.before(cut.at).messages.text))
    model = behaviour_model.fit(
        _examples(history, columns, cut, rng),
        fallback_columns=tuple(set(FALLBACK_COLUMNS) & set(columns)),
        candidates=fitters,
    )
    rankers = {"candidate": _by(model), "popularity": _popularity, "recency": _recency, "untrained_sum": _sum}
    if champion is not None and can_serve(champion):
        rankers["champion"] = _by(champion)
    trial = _trial(name, model, _rankings(history, cut, rankers), cut, rng)
    trial.metrics["winner"] = model.report["winner"]
    return trial


def _examples(history: History, columns: tuple[str, ...], cut: Split, rng: np.random.Generator) -> Examples:
    """What members new to a thread did before the cut, in these columns."""
    instants = interaction_model.decision_instants(history.log.before(cut.at), cut.at)
    rows = interaction_model.examples(history, instants, rng=rng)
    fresh = rows.take(~has_part(rows.x))
    kept_columns = [FEATURE_NAMES.index(column) for column in columns]
    return replace(fresh, x=fresh.x[:, kept_columns], feature_names=columns)


def _rankings(history: History, cut: Split, rankers: Mapping[str, Scores]) -> dict[str, JudgedModel]:
    """NDCG@10 of each ranker on the same queries: a member at an instant who joined something new within the horizon."""
    horizon = interaction_model.HORIZON_DAYS * DAY
    instants = np.linspace(cut.at, cut.end - horizon, N_INSTANTS)
    values: dict[str, list[Floats]] = {name: [] for name in rankers}
    members: list[Ints] = []
    for now in instants.tolist():
        view = snapshot(history, now, interaction_model.seen_lately(history, now))
        if not view.cube.size:
            continue
        is_new = ~has_part(view.rows()).reshape(view.cube.shape[:2])
        outcomes = interaction_model.outcomes(history, view) & is_new
        for name, ranker in rankers.items():
            askers, gains = _gains(outcomes, np.where(is_new, ranker(view), -np.inf))
            values[name].append(gains)
        members.append(view.members[askers])
    who = np.concatenate([np.zeros(0, np.int64), *members])
    return {name: JudgedModel(np.concatenate([np.zeros(0), *gains_of]), who) for name, gains_of in values.items()}


def _gains(outcomes: Bools, scores: Floats) -> tuple[Ints, Floats]:
    """(rows of members who joined something, their NDCG@10)."""
    query = np.repeat(np.arange(outcomes.shape[0]), outcomes.shape[1])
    return ndcg_by_query(query, outcomes.reshape(-1), scores.reshape(-1))


def _sum(view: Snapshot) -> Floats:
    return _by(baseline(view))(view)


def _by(model: BehaviourModel) -> Scores:
    return lambda view: model.score(rows_for(model, view)).reshape(view.cube.shape[:2])


def _popularity(view: Snapshot) -> Floats:
    return source_scores(view)["popularity"]


def _recency(view: Snapshot) -> Floats:
    return source_scores(view)["recency"]


def _trial(
    name: ModelName, model: BehaviourModel, rankings: Mapping[str, JudgedModel], cut: Split, rng: np.random.Generator
) -> Trial:
    plain = {one: rankings[one] for one in ("popularity", "recency", "untrained_sum")}
    verdict = promotion.judge(rankings["candidate"], rankings.get("champion"), plain, metric=METRIC, rng=rng)
    return Trial(
        name=name,
        model=model,
        is_promoted=verdict.promote,
        verdict=verdict.why,
        metrics=metrics_of(verdict, rankings["candidate"]),
        trained_from=datetime.fromtimestamp(cut.first, UTC),
        trained_until=datetime.fromtimestamp(cut.at, UTC),
        evaluated_until=datetime.fromtimestamp(cut.end, UTC),
    )


def metrics_of(verdict: Verdict, gains: JudgedModel) -> dict[str, Any]:
    """What the report card shows; JSON has no NaN, so such a score is None."""
    metrics: dict[str, Any] = {
        name: None if np.isnan(value) else round(float(value), 4) for name, value in verdict.metrics.items()
    }
    numbers = {key: value for key, value in verdict.numbers.items() if value == value}
    return metrics | {
        "metric": METRIC,
        "numbers": numbers,
        "n_queries": len(gains.values),
        "n_members": len(np.unique(gains.member)),
    }


def outcome(trial: Trial) -> str:
    """One line for the admin: what became of it, against what, on which weeks."""
    scores = {name: "no score" if (value := trial.metrics.get(name)) is None else f"{value:.2f}" for name in _TOLD}
    rivals = [f"{scores[name]} {name}" for name in _TOLD[1:] if name in trial.metrics]
    against = f"{', '.join(rivals[:-1])} and {rivals[-1]}"
    weeks = max(round((trial.evaluated_until - trial.trained_until).days / 7), 1)
    day = f"{trial.evaluated_until.day} {trial.evaluated_until:%B}"
    span = f"{weeks} week{'s' if weeks > 1 else ''} to {day}"
    what = "promoted" if trial.is_promoted else f"kept out ({trial.verdict.replace('_', ' ')})"
    return f"{trial.name.replace('_', ' ')}: {what}, NDCG@10 {scores['candidate']} against {against}, on {span}"


_TOLD = ("candidate", "popularity", "recency", "champion")
