"""What is known of (event, member) at an instant, as named columns; the event's own answers after it are not."""

from __future__ import annotations

import numpy as np

from models.learning.arrays import DAY, Floats, decay
from models.learning.enjoyment import expectation
from models.learning.gatherings import UNKNOWN
from models.learning.invitation_scores import Moment, host_share, hosted_product, recency, together

FEATURE_NAMES = (
    "product",
    "together",
    "company",
    "recency",
    "host_share",
    "host_yes",
    "yes_rate",
    "answers_late",
    "topic",
    "weekday",
    "hour",
    "missed",
    "enjoys",
)
# What the untrained ranker knows.
FALLBACK_COLUMNS = ("product",)
# Logarithms of counts begin here.
LEAST = 1e-3
HOST_HALF_LIFE_DAYS, TOPIC_HALF_LIFE_DAYS = 90.0, 180.0
# Shares shrink to what is usual as if so many more had been seen.
SHRINKAGE = 4.0
USUAL_YES = 0.75
# A daytime fits when it is within so many hours.
SAME_HOURS = 2


def features(at: Moment) -> Floats:
    """Shape (n_members, n_features), finite; columns in the order of FEATURE_NAMES."""
    answers, host = at.history.answers, at.history.host_row
    n_all, n_yes = at.by_member(at.past), at.by_member(at.past[answers.is_yes[at.past] == 1])
    theirs = at.came[(host[answers.event[at.came]] == host[at.event]) & (host[at.event] != UNKNOWN)]
    columns = {
        "product": np.log(hosted_product(at) + 1e-6),
        "together": _log(together(at)),
        "company": _log(at.company(at.past, at.answerers)),
        "recency": _log(recency(at)),
        "host_share": _log(host_share(at)),
        "host_yes": _log(at.by_member(theirs, decay(at.age(theirs), HOST_HALF_LIFE_DAYS * DAY))),
        "yes_rate": (n_yes + USUAL_YES * SHRINKAGE) / (n_all + SHRINKAGE),
        "answers_late": at.by_member(at.past, np.log(at.history.place[at.past])) / np.maximum(n_all, 1),
        "topic": _topic(at),
        "weekday": _share_of_came(at, _same_weekday(at)),
        "hour": _share_of_came(at, _same_hour(at)),
        "missed": (n_yes - at.by_member(at.came)) / (n_yes + SHRINKAGE),
        "enjoys": expectation(at),
    }
    return np.stack([columns[name] for name in FEATURE_NAMES], axis=1)


def _topic(at: Moment) -> Floats:
    """Decayed share of what each member came to that is about the same."""
    weights = decay(at.age(at.came), TOPIC_HALF_LIFE_DAYS * DAY)
    about = at.by_member(at.came, weights * at.alike[at.history.answers.event[at.came]])
    return about / (at.by_member(at.came, weights) + 1.0)


def _share_of_came(at: Moment, fits: Floats) -> Floats:
    """Share of what each member came to that fits, shrunk to everyone's; fits has shape (n_events,)."""
    here = fits[at.history.answers.event[at.came]]
    usual = float(here.mean()) if len(here) else 0.0
    return (at.by_member(at.came, here) + usual * SHRINKAGE) / (at.by_member(at.came) + SHRINKAGE)


def _same_weekday(at: Moment) -> Floats:
    weekday = at.history.weekday
    fits: Floats = ((weekday == weekday[at.event]) & (weekday != UNKNOWN)).astype(np.float64)
    return fits


def _same_hour(at: Moment) -> Floats:
    hour = at.history.hour
    apart = np.abs((hour - hour[at.event] + 12) % 24 - 12)
    fits: Floats = ((apart <= SAME_HOURS) & (hour != UNKNOWN) & (hour[at.event] != UNKNOWN)).astype(np.float64)
    return fits


def _log(counts: Floats) -> Floats:
    logarithms: Floats = np.log(counts + LEAST)
    return logarithms
