from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning.arrays import Floats, Ints
from models.learning.assignment import assign, greedy, trios
from models.learning.market import Market, MustsCollide, Plan, market
from models.learning.seats import serve
from tests.models.learning.communities import people_with_worths

Graph = tuple[int, Ints, Floats]


@st.composite
def graphs(draw: Callable[..., object], *, most: int = 8) -> Graph:
    """A few members and candidates between them, half of the worths the same."""
    n = int(draw(st.integers(2, most)))  # type: ignore[call-overload]
    every = list(combinations(range(n), 2))
    pairs = draw(st.lists(st.sampled_from(every), unique=True, max_size=9))
    worth = draw(st.lists(st.sampled_from([0.1, 0.5, 0.5, 0.5, 0.93]), min_size=len(pairs), max_size=len(pairs)))  # type: ignore[arg-type]
    return n, np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array(worth)


def choices(pairs: Ints, caps: list[int]) -> Iterator[list[int]]:
    """By trying everything: rows that nobody's cap forbids."""
    for size in range(len(pairs) + 1):
        for rows in combinations(range(len(pairs)), size):
            load = np.bincount(pairs[list(rows)].ravel(), minlength=len(caps))
            if (load <= caps).all():
                yield list(rows)


def best(pairs: Ints, worth: Floats, caps: list[int], bonus: float) -> float:
    """The most that any choice is worth."""
    return max(worth[rows].sum() + bonus * len(set(pairs[rows].ravel().tolist())) for rows in choices(pairs, caps))


def worth_of(plan: Plan, pairs: Ints, worth: Floats, bonus: float) -> float:
    value = {tuple(pair): w for pair, w in zip(pairs.tolist(), worth.tolist(), strict=True)}
    return sum(value[tuple(pair)] for pair in plan.pairs.tolist()) + bonus * len(set(plan.pairs.ravel().tolist()))


@settings(max_examples=60)
@given(graphs(), st.sampled_from([0.0, 0.2, 100.0]))
def test_one_partner_each_is_the_best_there_is(graph: Graph, bonus: float) -> None:
    n, pairs, worth = graph

    plan = assign(market(n, pairs, worth, bonus=bonus))

    assert worth_of(plan, pairs, worth, bonus) == pytest.approx(best(pairs, worth, [1] * n, bonus), rel=1e-4)
    assert plan.gap < 1e-4
    assert len(set(plan.pairs.ravel().tolist())) == plan.pairs.size


@settings(max_examples=40)
@given(graphs(most=6), st.lists(st.integers(0, 3), min_size=6, max_size=6), st.sampled_from([0.0, 0.2]))
def test_several_each_is_the_best_there_is_under_everybodys_cap(graph: Graph, caps: list[int], bonus: float) -> None:
    n, pairs, worth = graph
    caps = caps[:n]

    plan = assign(market(n, pairs, worth, caps=np.array(caps), bonus=bonus))

    assert worth_of(plan, pairs, worth, bonus) == pytest.approx(best(pairs, worth, caps, bonus), rel=1e-3)
    assert (np.bincount(plan.pairs.ravel(), minlength=n) <= caps).all()
    assert len({tuple(pair) for pair in plan.pairs.tolist()}) == len(plan.pairs)


@settings(max_examples=40)
@given(graphs(), st.integers(1, 2))
def test_the_bound_holds_for_every_choice_and_greedy_is_a_choice(graph: Graph, cap: int) -> None:
    n, pairs, worth = graph
    candidates = market(n, pairs, worth, caps=cap, bonus=0.1)

    quick, plan = greedy(candidates), assign(candidates)

    optimum = best(pairs, worth, [cap] * n, 0.1)
    assert plan.bound >= optimum - 1e-9
    assert quick.bound >= optimum - 1e-9
    assert quick.total <= plan.total * (1 + 1e-4) + 1e-9
    assert (np.bincount(quick.pairs.ravel(), minlength=n) <= cap).all()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from([0.2, 0.5, 0.9])),
        max_size=9,
        unique_by=lambda row: row[:2],
    ),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_needs_are_served_as_well_as_helpers_can_carry(rows: list[tuple[int, int, float]], caps: list[int]) -> None:
    needs, offers, worth = (np.array([row[i] for row in rows]) for i in range(3))
    pairs = np.array([(need, 4 + offer) for need, offer, _ in rows], dtype=np.int64).reshape(-1, 2)

    served = serve(4, needs.astype(np.int64), offers.astype(np.int64), worth.astype(np.float64), np.array(caps))

    value = {(need, offer): w for need, offer, w in rows}
    total = sum(value[need, offer] for need, offer in enumerate(served.tolist()) if offer >= 0)
    assert total == pytest.approx(best(pairs, worth.astype(np.float64), [1, 1, 1, 1, *caps], 0.0))
    assert (np.bincount(served[served >= 0], minlength=3) <= caps).all()


def test_pairs_that_must_be_come_first_and_take_their_places() -> None:
    # 0-1 and 2-3 would be worth most, yet 0-2 must be.
    pairs, worth = np.array([[0, 1], [2, 3], [1, 3]]), np.array([0.9, 0.9, 0.1])

    plan = assign(market(4, pairs, worth), musts=[(2, 0)])

    assert plan.pairs.tolist() == [[0, 2], [1, 3]]
    assert plan.total == pytest.approx(0.1, rel=1e-3)


def test_two_that_must_be_for_one_member_is_said_aloud() -> None:
    candidates = market(3, np.array([[0, 1]]), np.array([1.0]))

    with pytest.raises(MustsCollide, match=r"^0$"):
        assign(candidates, musts=[(0, 1), (0, 2)])


def test_who_pauses_is_in_no_pair() -> None:
    pairs, worth = np.array([[0, 1], [1, 2]]), np.array([0.9, 0.1])

    plan = assign(market(3, pairs, worth, caps=np.array([0, 1, 1])))

    assert plan.pairs.tolist() == [[1, 2]]


def test_a_bonus_brings_somebody_to_those_whom_worth_alone_leaves_out() -> None:
    # A path of four: the middle is worth most, both ends are left.
    pairs, worth = np.array([[0, 1], [1, 2], [2, 3]]), np.array([0.3, 0.9, 0.3])

    assert assign(market(4, pairs, worth)).pairs.tolist() == [[1, 2]]
    assert assign(market(4, pairs, worth, bonus=0.2)).pairs.tolist() == [[0, 1], [2, 3]]


def test_a_bonus_of_a_members_own_lets_them_win() -> None:
    # Both look for 0; whoever waited comes first.
    pairs, worth = np.array([[0, 1], [0, 2]]), np.array([0.5, 0.45])

    plan = assign(market(3, pairs, worth, bonus=np.array([0.0, 0.0, 0.1])))

    assert plan.pairs.tolist() == [[0, 2]]


def test_ties_go_by_keys_and_seed_and_not_by_how_members_are_numbered() -> None:
    rng = np.random.default_rng(3)
    n, pairs, worth = people_with_worths(260, 12, rng)
    worth = np.round(worth, 1) + 0.1
    keys = rng.integers(0, 2**62, n)
    moved = rng.permutation(n)
    shuffled = rng.permutation(len(pairs))

    plan = assign(market(n, pairs, worth, bonus=0.05, keys=keys, seed=5))
    again = assign(
        market(n, moved[pairs][shuffled][:, ::-1], worth[shuffled], bonus=0.05, keys=keys[np.argsort(moved)], seed=5)
    )
    another = assign(market(n, pairs, worth, bonus=0.05, keys=keys, seed=6))

    assert _named(again.pairs, keys[np.argsort(moved)]) == _named(plan.pairs, keys)
    assert _named(another.pairs, keys) != _named(plan.pairs, keys)
    assert another.total == pytest.approx(plan.total, rel=5e-3)


def _named(pairs: Ints, keys: Ints) -> set[frozenset[int]]:
    return {frozenset(pair) for pair in keys[pairs].tolist()}


def test_who_is_left_makes_a_trio_with_two_who_may_both_meet_them() -> None:
    # 4 looks most for 2, who is with 3, whom 4 may not meet; 5 is nobody's candidate.
    pairs = np.array([[0, 4], [2, 4], [0, 1], [2, 3]])

    joined = trios([4, 5], [(0, 1), (2, 3)], pairs, np.array([0.1, 0.9, 0.5, 0.5]), never={(3, 4)})

    assert joined == {4: 0}


def test_two_who_are_left_do_not_join_the_same_pair() -> None:
    pairs = np.array([[0, 4], [1, 4], [0, 5], [1, 5], [2, 5], [3, 5]])

    joined = trios([4, 5], [(0, 1), (2, 3)], pairs, np.array([0.1, 0.1, 0.9, 0.9, 0.1, 0.1]))

    assert joined == {4: 0, 5: 1}


@pytest.mark.parametrize(
    ("pairs", "worth", "values"),
    [
        # a member who is not there
        ([[0, 9]], [0.5], {}),
        # a worth that is no number
        ([[0, 1]], [float("nan")], {}),
        # less than nothing
        ([[0, 1]], [-0.1], {}),
        # a worth for each pair
        ([[0, 1]], [0.1, 0.2], {}),
        # nobody takes fewer than none
        ([[0, 1]], [0.1], {"caps": np.array([1, -1, 1])}),
        # a bonus is no fine
        ([[0, 1]], [0.1], {"bonus": -1.0}),
    ],
)
def test_what_is_no_market_is_refused(pairs: list[list[int]], worth: list[float], values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"members|worths|caps"):
        market(3, np.array(pairs), np.array(worth), **values)  # type: ignore[arg-type]


def test_a_pair_listed_both_ways_counts_once_by_its_better_worth() -> None:
    candidates: Market = market(2, np.array([[0, 1], [1, 0], [1, 1]]), np.array([0.2, 0.7, 9.0]), caps=3)

    plan = assign(candidates)

    assert plan.pairs.tolist() == [[0, 1]]
    assert plan.total == pytest.approx(0.7, rel=1e-4)


def test_nobody_and_no_pairs_make_an_empty_plan() -> None:
    for n in (0, 4):
        plan = assign(market(n, np.empty((0, 2), dtype=np.int64), np.empty(0)))

        assert plan.pairs.shape == (0, 2)
        assert (plan.total, plan.gap) == (0.0, 0.0)


@pytest.mark.parametrize("cap", [1, 3])
def test_a_round_of_300_is_proven_within_three_thousandths_and_leaves_nobody(cap: int) -> None:
    n, pairs, worth = people_with_worths(300, 30, np.random.default_rng(1))

    plan = assign(market(n, pairs, worth, caps=cap, bonus=0.05 if cap == 1 else 0.2))
    served = set(plan.pairs.ravel().tolist())
    left = [member for member in range(n) if member not in served]
    joined = trios(left, plan.pairs.tolist(), pairs, worth)

    assert plan.gap <= 0.003
    assert len({tuple(pair) for pair in plan.pairs.tolist()}) == len(plan.pairs)
    assert set(joined) == set(left)
