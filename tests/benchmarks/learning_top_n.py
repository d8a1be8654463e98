"""Top-N on Last.fm in LightGCN's split, full ranking. Run: python -m tests.benchmarks.learning_top_n"""

from __future__ import annotations

import time

import numpy as np

from models.learning.evaluation import ndcg_at_k, recall_at_k
from models.learning.recommender import TopN
from tests.benchmarks.learning_data import lastfm, needs_data


@needs_data
def main() -> None:
    """NDCG and Recall at 10 and 20 of popularity, each part and the blend."""
    member, item, test_member, test_item = lastfm()
    n_members, n_items = int(max(member.max(), test_member.max())) + 1, int(max(item.max(), test_item.max())) + 1
    relevant = np.zeros((n_members, n_items), dtype=bool)
    relevant[test_member, test_item] = True
    judged = np.flatnonzero(relevant.any(axis=1))
    started = time.perf_counter()
    model = TopN.fit(member, item, n_members=n_members, n_items=n_items)
    print(f"fitted in {time.perf_counter() - started:.2f} s")
    mine = model.taken[judged]
    scores = {
        "popularity": np.tile(model.popularity, (len(judged), 1)),
        "item-kNN": model._knn(mine),
        "SVD": model._svd(mine),
        "blend": model.scores(judged),
    }
    print(f"{'':16} NDCG@10 NDCG@20 Recall@10 Recall@20")
    for name, table in scores.items():
        table = np.array(table)
        table[mine.nonzero()] = -np.inf
        numbers = [_mean(metric, relevant[judged], table, k) for metric in (ndcg_at_k, recall_at_k) for k in (10, 20)]
        print(f"{name:16} " + "   ".join(f"{number:.3f}" for number in numbers))


def _mean(metric, relevant, table, k: int) -> float:
    return float(np.mean([metric(r, s, k) for r, s in zip(relevant, table, strict=True)]))


if __name__ == "__main__":
    main()
