"""Text retrieval, English and Chinese. Run: python -m tests.benchmarks.learning_text

Cranfield and SciFact's training part: query -> documents. AFQMC: a -> b among all distinct b of the pairs marked 1 and 0;
relevant is the b marked 1. Needs: need -> offers. The index is models/learning/search.py's, the others serve the models.
"""

from __future__ import annotations

import time

import numpy as np

from models.learning.evaluation import auc, mrr, ndcg_at_k, recall_at_k
from models.learning.search import SearchIndex
from models.learning.text import TextSpace, unit
from tests.benchmarks.learning_data import afqmc, cranfield, needs_data, needs_offers, scifact


@needs_data
def main() -> None:
    """NDCG@10, Recall@10 and MRR of the lexical part, the topical part and the blend."""
    documents, queries, relevant = cranfield()
    _print("Cranfield", queries, documents, relevant)
    for name, (texts, asked_texts, answers_them) in {"SciFact": scifact(), "Needs": needs_offers()}.items():
        _print(name, asked_texts, texts, answers_them)
    pairs = afqmc()
    answers = list(dict.fromkeys(b for _, b, _ in pairs))
    asked = list(dict.fromkeys(a for a, _, same in pairs if same))
    place = {b: i for i, b in enumerate(answers)}
    row = {a: i for i, a in enumerate(asked)}
    same_as = np.zeros((len(asked), len(answers)), dtype=bool)
    for a, b, same in pairs:
        if same:
            same_as[row[a], place[b]] = True
    space = _print("AFQMC", asked, answers, same_as)
    firsts, seconds = [a for a, _, _ in pairs], [b for _, b, _ in pairs]
    cosine = (unit(space.topical(firsts)) * unit(space.topical(seconds))).sum(axis=1)
    print(f"AFQMC pairs, AUC of the topical cosine: {auc(np.array([same for _, _, same in pairs]), cosine):.3f}")


def _print(name: str, queries: list[str], documents: list[str], relevant: np.ndarray) -> TextSpace:
    started = time.perf_counter()
    space = TextSpace.fit(documents, n_directions=256, min_texts=1)
    print(
        f"\n{name}: {len(queries)} queries, {len(documents)} documents, fitted in {time.perf_counter() - started:.1f} s"
    )
    scores = {
        "BM25": space.bm25(queries, documents),
        "LSA": unit(space.topical(queries)) @ unit(space.topical(documents)).T,
        "blend": space.similarity(queries, documents),
        "index": _indexed(queries, documents),
    }
    judged = relevant.any(axis=1)
    print(f"{'':8} NDCG@10 Recall@10 MRR")
    for title, table in scores.items():
        rows = list(zip(relevant[judged], table[judged], strict=True))
        numbers = [np.mean([metric(r, s) for r, s in rows]) for metric in (ndcg_at_k, recall_at_k, mrr)]
        print(f"{title:8} " + "   ".join(f"{number:.3f}" for number in numbers))
    return space


def _indexed(queries: list[str], documents: list[str]) -> np.ndarray:
    """Scores of the index that answers members, shape (n_queries, n_documents)."""
    started = time.process_time()
    index = SearchIndex(dict(enumerate(documents)))
    made = time.process_time() - started
    scores = np.zeros((len(queries), len(documents)))
    for row, query in enumerate(queries):
        for hit in index.find(query, most=len(documents)):
            scores[row, hit.key] = hit.score
    asked = time.process_time() - started - made
    print(f"index: made in {made:.1f} CPU-s, {1000 * asked / len(queries):.1f} CPU-ms a query")
    return scores


if __name__ == "__main__":
    main()
