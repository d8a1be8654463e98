"""Whom to invite to a new event, on real RSVPs (their README, "Invitations"): python -m tests.benchmarks.invitations

For each event of the last eight months that gets at least five later yes: at the moment of its third answer, rank every member
seen so far without those who answered; relevant are those who say yes afterwards. Nothing after that moment is used. What
ranks here is the code that serves; the first who answered stands for the host, whom this source does not name.

`--earlier` judges the eight months before instead: for trying things without looking at the judged part.
"""

from __future__ import annotations

import csv
import lzma
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from models.domain.invitations import trials as invitation_trials
from models.domain.invitations.turnout import chance, spread
from models.domain.serving import trials
from models.learning import evaluation, invitation_model
from models.learning.arrays import DAY, Floats
from models.learning.behaviour_model import BehaviourModel
from models.learning.gatherings import UNKNOWN, Answers, Gatherings
from models.learning.invitation_model import Question
from models.learning.invitation_scores import Moment, hosted_product, popularity, product, recent_activity
from tests.outside import DATA, NO_DATA

FILE = DATA / "meetup_rsvps.csv.xz"
TEST_DAYS = 8 * 30.44
N_LATER = 5

Scorer = Callable[[Moment], Floats]


@dataclass(frozen=True)
class Answer:
    """One row of the source."""

    event: int
    member: int
    is_yes: bool
    at: float
    changed_at: float


def read_answers() -> list[Answer]:
    """Every answer in order of time."""
    if not FILE.is_file():
        raise SystemExit(f"{NO_DATA}; nothing was measured.")
    with lzma.open(FILE, "rt") as file:
        rows = [
            Answer(
                int(row["event"]),
                int(row["member"]),
                row["response"] == "yes",
                float(row["created"]),
                float(row["modified"]),
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda answer: answer.at)


def gatherings(answers: list[Answer]) -> Gatherings:
    """As arrays; neither hosts nor starts nor titles are known."""
    events, event = np.unique([answer.event for answer in answers], return_inverse=True)
    member = np.array([answer.member for answer in answers], dtype=np.int64)
    told = Answers(
        member=member,
        at=np.array([answer.at for answer in answers]),
        event=event.astype(np.int64),
        is_yes=np.array([answer.is_yes for answer in answers], dtype=np.int64),
        stayed_away=np.zeros(len(answers), dtype=np.int64),
    )
    nobody = np.full(len(events), UNKNOWN, dtype=np.int64)
    return Gatherings(np.unique(member), np.full(len(events), np.nan), nobody, told)


def co_attendance(at: Moment) -> Floats:
    """Plain kNN: common events with the seeds, undecayed."""
    is_seed = np.isin(at.history.member_row, at.seeds)
    n_seeds = at.by_event(at.came[is_seed[at.came]])
    weights = n_seeds / np.sqrt(np.maximum(at.guests, 1))
    return at.by_member(at.came, weights[at.history.answers.event[at.came]])


def measured(scorer: Scorer, asked: list[Question]) -> tuple[Floats, float]:
    """Mean NDCG@10, NDCG@20, Recall@10, Recall@20 and MRR over events; milliseconds an event."""
    results, began = [], time.perf_counter()
    scored = [scorer(fresh(question.at)) for question in asked]
    took = (time.perf_counter() - began) / len(asked) * 1000
    for question, scores in zip(asked, scored, strict=True):
        is_asked = question.at.candidates
        relevant, found = question.said_yes[is_asked], scores[is_asked]
        results.append(
            (
                *(evaluation.ndcg_at_k(relevant, found, k) for k in (10, 20)),
                *(evaluation.recall_at_k(relevant, found, k) for k in (10, 20)),
                evaluation.mrr(relevant, found),
            )
        )
    return np.mean(results, axis=0), took


def fresh(at: Moment) -> Moment:
    """Without what was worked out before."""
    return Moment(at.history, at.event, at.now, at.seeds, at.answerers)


def measure_ranking(history: Gatherings, since: float, until: float) -> None:
    """Protocol "Invitations", and the calibration of P(says yes) over everyone ranked."""
    known = history.before(until)
    asked = list(invitation_model.questions(known, since=since, until=until, n_later=N_LATER))
    began = time.perf_counter()
    model = invitation_model.fit(history.before(since), now=since, n_later=N_LATER)
    print(f"{len(asked)} events, {len(history.members)} members; fitted in {time.perf_counter() - began:.1f} s")
    print(f"{'':34} NDCG@10 NDCG@20 Recall@10 Recall@20 MRR     of product  ms")
    reference, _ = measured(product, asked)
    for name, scorer in (
        ("popularity", popularity),
        ("recent activity (60 d)", recent_activity),
        ("co-attendance kNN", co_attendance),
        ("decayed product", product),
        ("product with the host (untrained)", hosted_product),
        ("learned (serves if promoted)", lambda at: invitation_model.score(model, at)),
    ):
        found, took = measured(scorer, asked)
        told = "  ".join(f"{value:.3f} " for value in found)
        print(f"{name:34} {told}  {found[0] / reference[0]:.2f}     {took:6.1f}", flush=True)
    measure_calibration(model, asked)


def measure_calibration(model: BehaviourModel, asked: list[Question]) -> None:
    """P(says yes) of everyone ranked, and of each event's fifty likeliest."""
    happened, said, top = [], [], []
    for question in asked:
        is_asked = question.at.candidates
        probability = model.predict(invitation_model.columns(model, question.at))[is_asked]
        best = evaluation.ranking(probability)[:50]
        top.append((question.said_yes[is_asked][best], probability[best]))
        happened.append(question.said_yes[is_asked])
        said.append(probability)
    pairs = {"everyone ranked": (np.concatenate(happened), np.concatenate(said))}
    pairs["the 50 likeliest of each event"] = tuple(np.concatenate(part) for part in zip(*top, strict=True))  # type: ignore[assignment]
    print(f"\nP(says yes), learned{'':14} AUC    Brier   base    ECE     rate   said")
    for name, (truth, p) in pairs.items():
        base = np.full(len(p), truth.mean())
        numbers = evaluation.auc(truth, p), evaluation.brier(truth, p), evaluation.brier(truth, base)
        told = "  ".join(f"{value:.4f}" for value in numbers)
        print(f"{name:34} {told}  {evaluation.ece(truth, p):.4f}  {truth.mean():.4f} {p.mean():.4f}")


def measure_gate(history: Gatherings) -> None:
    """What the trial that the service runs says on this whole history."""
    end = datetime.fromtimestamp(float(history.answers.at[-1]) + 1, UTC)
    trial = invitation_trials.try_invitation_model(history, None, now=end, rng=np.random.default_rng(0))
    print(f"\ngate: {trials.outcome(trial)}; {trial.metrics}")


def forecasts(answers: list[Answer], since: float, until: float) -> Iterator[tuple[bool, float]]:
    """For each answer in between: whether it was a yes, and P(yes) from what was told before it."""
    said: Counter[int] = Counter()
    yes: Counter[int] = Counter()
    n_said = n_yes = 0
    for answer in answers:
        if since <= answer.at < until:
            yield (
                answer.is_yes,
                chance((n_yes, n_said), (yes[answer.member], said[answer.member]), is_confirmed=False),
            )
        said[answer.member] += 1
        yes[answer.member] += answer.is_yes
        n_said, n_yes = n_said + 1, n_yes + answer.is_yes


def measure_yes_or_no(answers: list[Answer], since: float, until: float) -> None:
    """Protocol "Yes or no": each answer predicted from what was told before it."""
    found = list(forecasts(answers, since, until))
    happened, said = np.array([one for one, _ in found]), np.array([p for _, p in found])
    earlier = [answer.is_yes for answer in answers if answer.at < since]
    base = np.full(len(happened), np.mean(earlier))
    print(f"\n{len(found)} answers, {happened.mean():.2f} yes{'':14} AUC    Brier  ECE")
    for name, p in (("base rate", base), ("turnout's chance (serves)", said)):
        scores = evaluation.auc(happened, p), evaluation.brier(happened, p), evaluation.ece(happened, p)
        print(f"{name:34} {scores[0]:.3f}  {scores[1]:.3f}  {scores[2]:.3f}")


def measure_interval(answers: list[Answer], since: float, until: float) -> None:
    """The forecast's 80 % interval for the number of yes among those who answer an event: a stand-in for who comes.

    It says how well a sum of chances spreads; it says nothing of no-shows, of which this source holds none.
    """
    chances: dict[int, list[tuple[bool, float]]] = {}
    rows = [answer for answer in answers if since <= answer.at < until]
    for answer, pair in zip(rows, forecasts(answers, since, until), strict=True):
        chances.setdefault(answer.event, []).append(pair)
    held, below, width, n = 0, 0, 0.0, 0
    for found in chances.values():
        if len(found) >= N_LATER:
            came, guess = sum(one for one, _ in found), spread(((p, 1) for _, p in found), is_shared=True)
            n, held = n + 1, held + (guess.low <= came <= guess.high)
            below, width = below + (came < guess.low), width + (guess.high - guess.low + 1) / len(found)
    print(
        f"\n80 % interval over {n} events: holds in {held / n:.3f} (under it {below / n:.3f}), width {width / n:.2f} of all"
    )


def main() -> None:
    """Everything, on the judged part or (--earlier) on the one before."""
    answers = read_answers()
    end = answers[-1].at + 1
    until = end - TEST_DAYS * DAY if "--earlier" in sys.argv else end
    since = until - TEST_DAYS * DAY
    history = gatherings(answers)
    measure_ranking(history, since, until)
    told = [answer for answer in answers if answer.at < until]
    fifth = told[int(0.8 * len(told))].at
    measure_yes_or_no(told, fifth, until)
    measure_interval(told, since, until)
    if "--earlier" not in sys.argv:
        measure_gate(history)


if __name__ == "__main__":
    main()
