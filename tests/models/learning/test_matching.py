from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning.arrays import Floats
from models.learning.matching import match

NONE = np.zeros((0, 0))


def lists(score: Floats, **values: object) -> list[list[int]]:
    never = np.zeros(score.shape, dtype=np.bool_)
    return match(score, **{"is_last_resort": never, **values})  # type: ignore[arg-type]


def most_served(score: Floats, most_named: int) -> int:
    """By trying everything: how many readers can have a name at once."""
    options = [[None, *np.flatnonzero(row > 0).tolist()] for row in score]
    fair = (choice for choice in product(*options) if all(choice.count(j) <= most_named for j in range(len(score))))
    return max(sum(one is not None for one in choice) for choice in fair)


small = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.sampled_from([0.0, 0.0, 0.3, 0.5, 0.9]), min_size=n * n, max_size=n * n).map(
        lambda values: np.array(values).reshape(n, n) * (1 - np.eye(n))
    )
)


@settings(max_examples=150)
@given(small, st.integers(1, 3), st.integers(1, 3))
def test_everybody_has_somebody_if_that_is_possible_and_nobody_is_overrun(
    score: Floats, most_names: int, most_named: int
) -> None:
    names = lists(score, most_names=most_names, most_named=most_named)

    assert sum(bool(one) for one in names) == most_served(score, most_named)
    for reader, told in enumerate(names):
        assert len(told) <= most_names
        assert len(set(told)) == len(told)
        assert all(score[reader, other] > 0 for other in told)
        assert [score[reader, other] for other in told] == sorted((score[reader, o] for o in told), reverse=True)
    for other in range(len(score)):
        assert sum(other in told for told in names) <= most_named


def test_a_star_is_shared_out_and_the_rest_look_for_each_other() -> None:
    # Everybody is best told of 0, who may be named to two; the others fit in pairs.
    score = np.array([[0, 1, 1, 1, 1], [9, 0, 2, 1, 1], [9, 2, 0, 1, 1], [9, 1, 1, 0, 2], [9, 1, 1, 2, 0]], dtype=float)

    names = lists(score, most_names=2, most_named=2)

    assert sum(0 in told for told in names) == 2
    assert all(len(told) == 2 for told in names)


def test_names_go_both_ways_where_they_can() -> None:
    rng = np.random.default_rng(7)
    score = rng.uniform(0.1, 1.0, (40, 40)) * (rng.uniform(size=(40, 40)) < 0.4)
    score = np.where((score > 0) & (score.T > 0), score, 0.0)

    names = lists(score)

    told = {(reader, other) for reader, others in enumerate(names) for other in others}
    assert all(names)
    assert sum((other, reader) in told for reader, other in told) / len(told) > 0.85


def test_a_last_resort_is_named_only_to_whoever_has_nobody_else() -> None:
    score = np.array([[0.0, 0.9, 0.2], [0.9, 0.0, 0.0], [0.5, 0.9, 0.0]])
    last = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=np.bool_)

    names = lists(score, is_last_resort=last)

    assert names == [[2], [0], [1, 0]]


def test_who_was_told_already_keeps_their_list_and_counts_as_named() -> None:
    score = np.ones((4, 4))

    names = lists(score, fixed_lists={0: [1, 2], 3: []}, most_names=2, most_named=1)

    assert names[0] == [1, 2]
    assert names[3] == []
    # 1 and 2 have been named as often as they may; 1 is told of 0, who was told of 1.
    assert 0 in names[1] or 0 in names[2]
    assert sorted(names[1] + names[2]) == [0, 3]


def test_no_readers_and_bad_shapes() -> None:
    assert lists(NONE) == []
    with pytest.raises(ValueError, match="square"):
        lists(np.ones((2, 3)))
