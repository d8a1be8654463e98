"""Threads and members, on three real chats. Run: python -m tests.benchmarks.learning_digest

Threads are woven by `weave`. Fitted on the first three quarters of the time, judged on the last quarter, full ranking.
Which threads: every six hours, rank the threads live then (a message in the last two days) for each member seen in 28
days; relevant are those the member writes in within 48 h ("new": only threads the member was not in yet).
Who joins: at each thread's third message rank the members who are not in it; relevant are those who write in it later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from models.learning.arrays import DAY, HOUR, Bools, Floats, Ints
from models.learning.behaviour_model import BehaviourModel, fit
from models.learning.evaluation import auc, brier, ece, mean_by_query, ndcg_by_query, recall_at_k
from models.learning.features import FALLBACK_COLUMNS, Snapshot, snapshot
from models.learning.fitting import untrained_sum
from models.learning.history import History
from models.learning.interaction_model import HORIZON_DAYS, decision_instants, examples, outcomes, seen_lately
from models.learning.text import TextSpace
from tests.benchmarks.learning_data import exports, needs_data

Rule = Callable[[Snapshot], Floats]
Rows = tuple[Ints, Bools, Bools, dict[str, Floats]]  # query, relevant, is new, scores
RULES: dict[str, Rule] = {
    "popularity": lambda view: view.column("people"),
    "recency": lambda view: -view.column("minutes_since_last"),
    "co-participation kNN": lambda view: view.column("kin"),
    "topic affinity": lambda view: view.column("topic_affinity"),
    "decayed product": lambda view: view.column("affinity_now"),
    "recent activity": lambda view: view.column("my_threads"),
}


@needs_data
def main() -> None:
    """Print both tables for each chat and for the three together."""
    pooled: dict[str, list[Rows]] = {"which threads": [], "which threads (new)": [], "who joins": []}
    for name, log in exports().items():
        end = log.messages.at[-1]
        split = end - 0.25 * (end - log.messages.at[0])
        started = time.perf_counter()
        history = History.of(log, TextSpace.fit(log.before(split).messages.text))
        woven = time.perf_counter()
        learnt = examples(history, decision_instants(log, split), rng=np.random.default_rng(0))
        model = fit(learnt, fallback_columns=FALLBACK_COLUMNS)
        seconds = (woven - started, time.perf_counter() - woven)
        print(
            f"\n## {name}: woven in {seconds[0]:.1f} s, fitted in {seconds[1]:.1f} s on {len(learnt.at)} rows", end=", "
        )
        print(f"{int(learnt.outcome.sum())} happened, winner {model.report['winner']}")
        rules = RULES | _learned(untrained_sum(learnt, FALLBACK_COLUMNS).log_odds, model)
        last = end - HORIZON_DAYS * DAY
        which = _stack([_rows(history, now, rules, i) for i, now in enumerate(np.arange(split, last, 6 * HOUR))])
        who = _stack(list(_third_messages(history, split, last, rules)))
        for title, rows in (("which threads", which), ("which threads (new)", _only_new(which)), ("who joins", who)):
            _print(title, rows)
            pooled[title].append(rows)
    print("\n## the three chats together")
    for title, parts in pooled.items():
        _print(title, _stack(parts))


def _learned(total: Callable[[Floats], Floats], model: BehaviourModel) -> dict[str, Rule]:
    def by_row(score: Callable[[Floats], Floats]) -> Rule:
        return lambda view: score(view.rows()).reshape(view.cube.shape[:2])

    return {"untrained sum": by_row(total), "learned": by_row(model.score), "probability": by_row(model.predict)}


def _rows(history: History, now: float, rules: dict[str, Rule], query: int) -> Rows:
    """All (member, live thread) pairs; a query is a member at this instant."""
    view = snapshot(history, float(now), seen_lately(history, float(now)))
    shape = view.cube.shape[:2]
    scores = {name: np.broadcast_to(rule(view), shape).ravel() for name, rule in rules.items()}
    queries = np.repeat(query * 10_000 + np.arange(shape[0]), shape[1])
    return queries, outcomes(history, view).ravel(), (view.column("my_messages") == 0).ravel(), scores


def _third_messages(history: History, start: float, end: float, rules: dict[str, Rule]) -> Iterator[Rows]:
    """At each thread's third message all members who are not in it; a query is a thread."""
    count = np.zeros(int(history.thread.max()) + 1, np.int64)
    for i, thread in enumerate(history.thread):
        count[thread] += 1
        now = float(history.log.messages.at[i]) + 1.0
        if count[thread] != 3 or not start <= now < end:
            continue
        view = snapshot(history, now, seen_lately(history, now))
        column = int(np.flatnonzero(view.threads == thread)[0])
        outside = view.column("my_messages")[:, column] == 0
        scores = {
            name: np.broadcast_to(rule(view), view.cube.shape[:2])[outside, column] for name, rule in rules.items()
        }
        happened = outcomes(history, view)[outside, column]
        yield np.full(len(happened), int(thread)), happened, np.ones(len(happened), bool), scores


def _stack(parts: list[Rows]) -> Rows:
    """Rows of all parts; queries of different parts stay apart."""
    offsets = np.cumsum([0] + [int(part[0].max(initial=0)) + 1 for part in parts])
    query = np.concatenate([part[0] + offset for part, offset in zip(parts, offsets[:-1], strict=True)])
    scores = {name: np.concatenate([part[3][name] for part in parts]) for name in parts[0][3]}
    return query, np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts]), scores


def _only_new(rows: Rows) -> Rows:
    query, happened, is_new, scores = rows
    return query[is_new], happened[is_new], is_new[is_new], {name: score[is_new] for name, score in scores.items()}


def _print(title: str, rows: Rows) -> None:
    query, happened, _, scores = rows
    said = scores["probability"]
    print(
        f"\n{title}: AUC {auc(happened, said):.3f}, Brier {brier(happened, said):.4f}, ECE {ece(happened, said):.4f}",
        end="",
    )
    print(f", rate {happened.mean():.4f}")
    results = {}
    for name, score in scores.items():
        ids, gains = ndcg_by_query(query, happened, score)
        _, recalls = mean_by_query(recall_at_k, query, happened, score)
        results[name] = (gains.mean(), recalls.mean(), len(ids))
    best = results["learned"][0]
    print(f"{'':22} NDCG@10 Recall@10 queries  learned / this")
    for name, (gain, recall, n) in results.items():
        if name != "probability":
            print(f"{name:22} {gain:7.3f} {recall:9.3f} {n:7d}  {best / max(gain, 0.001):.2f}")


if __name__ == "__main__":
    main()
