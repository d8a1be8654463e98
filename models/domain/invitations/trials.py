"""A candidate for invitations meets the product, popularity, recency and the champion on later events than it was fitted on.

The question is the invitation's own: an event has its first answers; who of all others will say yes? Imported by jobs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from models.domain.invitations.invitations import NAME
from models.domain.serving.champions import Trial
from models.domain.serving.trials import METRIC, metrics_of
from models.learning import invitation_model, promotion
from models.learning.arrays import Floats
from models.learning.behaviour_model import BehaviourModel
from models.learning.evaluation import ndcg_at_k
from models.learning.fitting import TooLittleData
from models.learning.gatherings import Gatherings
from models.learning.invitation_model import Question
from models.learning.invitation_scores import Moment, hosted_product, popularity, product, recency
from models.learning.promotion import MIN_QUERIES, JudgedModel

# The later part of the events, in order of time, on which candidates are judged.
LATER_SHARE = 1 / 3
# An event counts when so many say yes after its first answers.
N_LATER = 2
# Rules that need no training; `untrained` is the one that serves without a model.
PLAIN: Mapping[str, Callable[[Moment], Floats]] = {
    "popularity": popularity,
    "recency": recency,
    "product": product,
    "untrained": hosted_product,
}


def try_invitation_model(
    history: Gatherings,
    champion: BehaviourModel | None,
    *,
    now: datetime,
    rng: np.random.Generator,
    n_later: int = N_LATER,
) -> Trial:
    """P(says yes) fitted on the earlier events, judged on the later ones. Raises TooLittleData."""
    questions = list(invitation_model.questions(history, since=-np.inf, until=now.timestamp(), n_later=n_later))
    n_judged = int(len(questions) * LATER_SHARE)
    if n_judged < MIN_QUERIES:
        least = round(MIN_QUERIES / LATER_SHARE)
        raise TooLittleData(
            f"{len(questions)} events with answers are too few to learn whom to invite; {least} would do."
        )
    test_questions = questions[-n_judged:]
    cut = test_questions[0].at.now
    model = invitation_model.fit(history.before(cut), now=cut, n_later=n_later)
    rankers = dict(PLAIN) | {"candidate": _by(model)}
    if champion is not None and invitation_model.can_serve(champion):
        rankers["champion"] = _by(champion)
    gains = {name: _gains(test_questions, ranker) for name, ranker in rankers.items()}
    plain = {name: gains[name] for name in PLAIN}
    verdict = promotion.judge(gains["candidate"], gains.get("champion"), plain, metric=METRIC, rng=rng)
    return Trial(
        name=NAME,
        model=model,
        is_promoted=verdict.promote,
        verdict=verdict.why,
        metrics=metrics_of(verdict, gains["candidate"]) | {"winner": model.report["winner"]},
        trained_from=datetime.fromtimestamp(model.report["from"], UTC),
        trained_until=datetime.fromtimestamp(cut, UTC),
        evaluated_until=now,
    )


def _by(model: BehaviourModel) -> Callable[[Moment], Floats]:
    return lambda at: invitation_model.score(model, at)


def _gains(questions: Sequence[Question], ranker: Callable[[Moment], Floats]) -> JudgedModel:
    """NDCG@10 of everyone seen so far, by event; an event is what the bootstrap draws."""
    gains = []
    for question in questions:
        is_asked = question.at.candidates
        gains.append(ndcg_at_k(question.said_yes[is_asked], ranker(question.at)[is_asked]))
    return JudgedModel(np.array(gains), np.array([question.at.event for question in questions], dtype=np.int64))
