"""Needs to offers: each need one helper at most, each helper as many as they carry.

It is exact: between two sides the best fractional choice is a whole one.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from models.learning.arrays import Floats, Ints


def serve(n_needs: int, needs: Ints, offers: Ints, worth: Floats, caps: Ints) -> Ints:
    """The offer of each need (n_needs,), -1 for none: the best sum of worths there is.

    `needs`, `offers` (n_pairs,) with `worth` > 0 each, a pair once; `caps` (n_offers,) how many needs each takes.
    """
    is_open = (caps[offers] > 0) & (worth > 0)
    needs, offers, worth = needs[is_open], offers[is_open], worth[is_open]
    if not len(worth):
        return np.full(n_needs, -1, dtype=np.int64)
    # Nobody needs more seats than there are needs that could take them.
    seats = np.minimum(caps, np.bincount(offers, minlength=len(caps)))
    offer_of_seat = np.repeat(np.arange(len(seats)), seats)
    first_seat = np.cumsum(seats) - seats
    each = seats[offers]
    rows = np.repeat(needs, each)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
    columns = np.repeat(first_seat[offers], each) + nth
    costs = 2.0 - np.repeat(worth, each) / float(worth.max())
    # A need that nobody serves sits on a chair of its own, worth nothing; costs of 1 to 2, for a zero would be deleted.
    alone = np.arange(n_needs)
    rows, columns = np.append(rows, alone), np.append(columns, len(offer_of_seat) + alone)
    costs = np.append(costs, np.full(n_needs, 2.0))
    matrix = csr_matrix((costs, (rows, columns)), shape=(n_needs, len(offer_of_seat) + n_needs))
    _, seat = min_weight_full_bipartite_matching(matrix)
    seat_or_none = np.append(offer_of_seat, np.full(n_needs, -1))
    served: Ints = seat_or_none[seat].astype(np.int64)
    return served
