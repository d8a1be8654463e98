"""How much each member would like an event, from stars: their own for this host and for events like it, and of company kept.

enjoys = (PRIOR_WEIGHT * usual + sum of own weights * liked + COMPANY * sum of ties * liked) / (the same without `liked`),
where liked is 0 for one star and 1 for five, an own rating weighs 1 for the same host and up to LIKENESS for the same words,
and a tie is how far a rater of this host's events is company of the member. Without ratings everybody has the usual value,
so the order of the likeliest stays as it is.
"""

from __future__ import annotations

import numpy as np

from models.learning.arrays import Bools, Floats, Ints
from models.learning.gatherings import UNKNOWN
from models.learning.invitation_scores import Moment

# Four stars are usual until the community's own ratings say otherwise, as if USUAL_WEIGHT had been given.
USUAL, USUAL_WEIGHT = 0.75, 5.0
# How many ratings of one's own outweigh the usual.
PRIOR_WEIGHT = 3.0
LIKENESS, COMPANY = 0.5, 0.25
# The newest so many ratings of a host are told to company (memory: members x ratings).
MOST_HEARD = 200
# Common events from which on somebody is full company.
FULL_COMPANY = 3.0
# A host is disliked when the newest so many of one's own ratings of them have at most so many stars on average.
LAST_RATINGS, DISLIKED = 3, 2.0


def expectation(at: Moment) -> Floats:
    """How much each would like the event, 0 to 1, shape (n_members,)."""
    ratings = at.history.ratings
    known_rows = np.flatnonzero(ratings.at <= at.now)
    likes = (ratings.stars[known_rows] - 1) / 4
    usual = (USUAL * USUAL_WEIGHT + likes.sum()) / (USUAL_WEIGHT + len(likes))
    n, theirs = len(at.history.members), _is_hosts(at, known_rows)
    own = np.maximum(theirs, LIKENESS * at.alike[ratings.event[known_rows]])
    rows = at.history.rater_row[known_rows]
    voices = np.flatnonzero(theirs)
    voices = voices[np.argsort(ratings.at[known_rows[voices]], kind="stable")][-MOST_HEARD:]
    ties = COMPANY * _ties(at, rows[voices])
    weight = np.bincount(rows, own, minlength=n) + ties.sum(axis=1)
    total = np.bincount(rows, own * likes, minlength=n) + ties @ likes[voices]
    enjoys: Floats = (PRIOR_WEIGHT * usual + total) / (PRIOR_WEIGHT + weight)
    return enjoys


def dislikes_host(at: Moment) -> Bools:
    """Who gave this host's last events one or two stars, shape (n_members,)."""
    ratings = at.history.ratings
    known_rows = np.flatnonzero(ratings.at <= at.now)
    own_rows = known_rows[_is_hosts(at, known_rows)]
    newest = own_rows[np.lexsort((-ratings.at[own_rows], at.history.rater_row[own_rows]))]
    rows = at.history.rater_row[newest]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    newest, rows = newest[rank < LAST_RATINGS], rows[rank < LAST_RATINGS]
    count = np.bincount(rows, minlength=len(at.history.members))
    stars = np.bincount(rows, ratings.stars[newest].astype(np.float64), minlength=len(at.history.members))
    dislikes: Bools = (count > 0) & (stars <= DISLIKED * count)
    return dislikes


def _is_hosts(at: Moment, rows: Ints) -> Bools:
    """Whether each of these ratings is of an event of the same host."""
    host = at.history.host_row
    theirs: Bools = (host[at.history.ratings.event[rows]] == host[at.event]) & (host[at.event] != UNKNOWN)
    return theirs


def _ties(at: Moment, raters: Ints) -> Floats:
    """How far each of the raters is company of each member, 0 to 1, shape (n_members, n_ratings); nobody is their own."""
    if not len(raters):
        return np.zeros((len(at.history.members), 0))
    from scipy.sparse import csr_array

    rows, events = at.history.member_row[at.came], at.history.answers.event[at.came]
    shape = (len(at.history.members), at.history.n_events)
    were = csr_array((np.ones(len(rows)), (rows, events)), shape=shape)
    people, which = np.unique(raters, return_inverse=True)
    common = (were @ were[people].T).toarray()
    common[people, np.arange(len(people))] = 0.0
    ties: Floats = np.minimum(common / FULL_COMPANY, 1.0)[:, which]
    return ties
