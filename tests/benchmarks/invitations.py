"""Whom to invite to a new event, on real RSVPs (../shared/data/README.md, "Invitations"): python -m tests.benchmarks.invitations

For each event of the last eight months that gets at least five later yes: at the moment of its third answer, rank every member
seen so far without those who answered; relevant are those who say yes afterwards. Nothing after that moment is used.
"""

from __future__ import annotations

import csv
import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.domain.invitation_scores import Attendance, product, recency, together
from models.domain.turnout import chance
from models.learning import evaluation

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "meetup_rsvps.csv.xz"
DAY = 86_400.0
TEST_DAYS, TRAIN_DAYS, GAP_DAYS = 8 * 30.44, 540.0, 14.0
N_FIRST, N_LATER = 3, 5
# Negatives per training event: the likeliest by the product, and some others.
N_HARD, N_OTHER = 300, 200


class Answer(NamedTuple):
    event: int
    member: int
    response: str
    created: float


@dataclass
class Case:
    """One event at its third answer: what was known (`past`: answers until then), and who said yes later."""

    event: int
    now: float
    first: list[Answer]
    later: set[int]
    past: list[Answer]

    @property
    def seeds(self) -> set[int]:
        return {answer.member for answer in self.first if answer.response == "yes"}

    @property
    def attendances(self) -> list[Attendance]:
        return [
            Attendance(a.member, a.event, a.created) for a in self.past if a.response == "yes" and a.event != self.event
        ]

    @property
    def candidates(self) -> list[int]:
        return sorted({answer.member for answer in self.past} - {answer.member for answer in self.first})


Scorer = Callable[[Case], Mapping[int, float]]


def read_answers() -> list[Answer]:
    if not FILE.is_file():
        raise SystemExit("The real data (../shared/data) is not here; nothing was measured.")
    with lzma.open(FILE, "rt") as file:
        rows = [
            Answer(int(row["event"]), int(row["member"]), row["response"], float(row["created"]))
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda answer: answer.created)


def cases(answers: list[Answer], since: float, until: float) -> Iterator[Case]:
    of_event: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        of_event[answer.event].append(answer)
    times = [answer.created for answer in answers]
    for event, told in sorted(of_event.items(), key=lambda item: item[1][min(2, len(item[1]) - 1)].created):
        if len(told) < N_FIRST + N_LATER or not since <= told[N_FIRST - 1].created < until:
            continue
        now = told[N_FIRST - 1].created
        first = told[:N_FIRST]
        past = answers[: int(np.searchsorted(times, now, side="right"))]
        later = {a.member for a in told[N_FIRST:] if a.response == "yes"} - {a.member for a in first}
        if len(later) >= N_LATER:
            yield Case(event, now, first, later & {a.member for a in past}, past)


def popularity(case: Case) -> Mapping[int, float]:
    return Counter(one.member_id for one in case.attendances)


def recent_activity(case: Case) -> Mapping[int, float]:
    return Counter(one.member_id for one in case.attendances if one.at > case.now - 60 * DAY)


def co_attendance(case: Case) -> Mapping[int, float]:
    """Plain kNN: common events with the seeds, undecayed."""
    guests: defaultdict[int, list[int]] = defaultdict(list)
    for one in case.attendances:
        guests[one.event_id].append(one.member_id)
    scores: defaultdict[int, float] = defaultdict(float)
    for members in guests.values():
        n_seeds = len(case.seeds & set(members))
        for member in members if n_seeds else ():
            scores[member] += n_seeds / math.sqrt(len(members))
    return scores


def decayed_product(case: Case) -> Mapping[int, float]:
    return product(case.attendances, case.seeds, now=case.now)


def features(case: Case) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Members, their product, and what boosting sees: float64 of shape (n_members, n_features)."""
    attendances, now = case.attendances, case.now
    common, lately = together(attendances, case.seeds, now=now), recency(attendances, now=now)
    scores = product(attendances, case.seeds, now=now)
    said: defaultdict[int, list[Answer]] = defaultdict(list)
    place: Counter[int] = Counter()
    places: defaultdict[int, list[float]] = defaultdict(list)
    for answer in case.past:
        said[answer.member].append(answer)
        place[answer.event] += 1
        places[answer.member].append(math.log(place[answer.event]))
    rows = []
    for member in case.candidates:
        yes = [answer.created for answer in said[member] if answer.response == "yes"]
        n_all = len(said[member])
        row = (
            math.log(scores.get(member, 0.0) + 1e-9),
            math.log(common.get(member, 0.0) + 1e-6),
            math.log(lately.get(member, 0.0) + 1e-6),
            len(yes),
            (len(yes) + 1) / (n_all + 2),
            (now - said[member][-1].created) / DAY,
            (now - said[member][0].created) / DAY,
            (now - yes[-1]) / DAY if yes else 1e4,
            sum(places[member]) / n_all,
            len(case.seeds),
        )
        rows.append(row)
    known = np.array([scores.get(member, 0.0) for member in case.candidates])
    return case.candidates, known, np.array(rows)


def fit_boosting(training: Iterator[Case]) -> HistGradientBoostingClassifier:
    """Each event weighs the same, whatever the number of its answers."""
    random, parts = np.random.default_rng(0), []
    for case in training:
        members, known, rows = features(case)
        came = np.array([member in case.later for member in members])
        others = random.choice(len(members), min(N_OTHER, len(members)), replace=False)
        chosen = np.unique(np.concatenate([np.argsort(-known)[:N_HARD], others, np.flatnonzero(came)]))
        parts.append((rows[chosen], came[chosen], np.full(len(chosen), 1000.0 / len(chosen))))
    rows, came, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=50, l2_regularization=1.0, random_state=0
    )
    return model.fit(rows, came, sample_weight=weights)


def boosted_product(model: HistGradientBoostingClassifier) -> Scorer:
    def score(case: Case) -> Mapping[int, float]:
        members, known, rows = features(case)
        return dict(zip(members, model.predict_proba(rows)[:, 1] * np.sqrt(known), strict=True))

    return score


def measured(scorer: Scorer, tests: list[Case]) -> tuple[float, float, float]:
    """Mean NDCG@10, Recall@20 and MRR over events."""
    results = []
    for case in tests:
        scores = scorer(case)
        ranked = sorted(case.candidates, key=lambda member: (-scores.get(member, 0.0), member))
        hits = [number for number, member in enumerate(ranked) if member in case.later]
        gain = sum(1 / math.log2(number + 2) for number in hits if number < 10)
        best = sum(1 / math.log2(number + 2) for number in range(min(10, len(hits))))
        results.append((gain / best, sum(number < 20 for number in hits) / len(hits), 1 / (hits[0] + 1)))
    ndcg, recall, mrr = np.mean(results, axis=0)
    return float(ndcg), float(recall), float(mrr)


def measure_yes_or_no(answers: list[Answer]) -> None:
    """Protocol "Yes or no": the last fifth of all answers, each predicted from what was told before it."""
    said: Counter[int] = Counter()
    yes: Counter[int] = Counter()
    n_said = n_yes = 0
    forecast, plain, truth = [], [], []
    for number, answer in enumerate(answers):
        is_yes = answer.response == "yes"
        if number >= 0.8 * len(answers):
            own = yes[answer.member], said[answer.member]
            forecast.append(chance((n_yes, n_said), own, is_confirmed=False))
            plain.append(own[0] / own[1] if own[1] else n_yes / n_said)
            truth.append(is_yes)
        said[answer.member] += 1
        yes[answer.member] += is_yes
        n_said, n_yes = n_said + 1, n_yes + is_yes
    happened = np.array(truth)
    print(f"\n{len(truth)} answers, {happened.mean():.2f} yes{'':10} AUC    Brier  ECE")
    base = np.full(len(truth), n_yes / n_said)
    for name, predicted in (("base rate", base), ("own yes-rate", plain), ("turnout's chance (serves)", forecast)):
        p = np.array(predicted)
        scores = evaluation.auc(happened, p), evaluation.brier(happened, p), evaluation.ece(happened, p)
        print(f"{name:32} {scores[0]:.3f}  {scores[1]:.3f}  {scores[2]:.3f}")


def main() -> None:
    answers = read_answers()
    cut = answers[-1].created - TEST_DAYS * DAY
    tests = [case for case in cases(answers, cut, math.inf) if case.later]
    print(f"{len(tests)} events, {len({answer.member for answer in answers})} members")
    print(f"{'':32} NDCG@10  Recall@20  MRR    NDCG against the product")
    reference = measured(decayed_product, tests)[0]
    model = fit_boosting(cases([a for a in answers if a.created < cut], cut - TRAIN_DAYS * DAY, cut - GAP_DAYS * DAY))
    for name, scorer in (
        ("popularity", popularity),
        ("recent activity (60 d)", recent_activity),
        ("co-attendance kNN", co_attendance),
        ("decayed product (serves)", decayed_product),
        ("boosting * sqrt(product)", boosted_product(model)),
    ):
        ndcg, recall, mrr = measured(scorer, tests)
        print(f"{name:32} {ndcg:.3f}    {recall:.3f}      {mrr:.3f}  {ndcg / reference:.2f}", flush=True)
    measure_yes_or_no(answers)


if __name__ == "__main__":
    main()
