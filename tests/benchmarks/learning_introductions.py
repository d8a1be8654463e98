"""Who says yes to whom (speed dates). Run: python -m tests.benchmarks.learning_introductions

Warm: yeses of the second half of an evening from its first half. A pair is of the half in which both had it, the few that lie in
both are left out. How firmly effects are drawn to 0, what being found pleasant and an age apart count, are chosen on half of the
evenings and judged on the other half, eight times. Cold: unseen evenings, from answers given before them; everybody is
introduced to at most three, one assignment an evening.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.learning.arrays import Bools, Floats, Ints
from models.learning.assignment import assign
from models.learning.evaluation import auc
from models.learning.market import market
from models.learning.yes_model import Answers, YesModel, fit, rule
from tests.benchmarks.learning_data import needs_data
from tests.outside import DATA

FILE = "speed_dates.csv.gz"
N_DRAWS = 8
# Ridge on yeses given and received, what a standard deviation of "fun" counts, the stretch of log-odds.
GRID = tuple(product((0.3, 0.6), (0.3, 0.6, 1.0), (0.0, 0.3, 0.6, 1.0), (1.0, 1.6)))
INTERESTS = (
    "sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming", "clubbing", "reading", "tv",
    "theater", "movies", "concerts", "music", "shopping", "yoga",
)  # fmt: skip
OF_ONESELF = ("attr3_1", "sinc3_1", "fun3_1", "intel3_1", "amb3_1", "age", "goal", "date", "go_out", "exphappy")
SOUGHT = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1", "shar1_1")


@dataclass(frozen=True)
class Evenings:
    """A row an ordered pair: who (i), whom (j), their evening, whether in its first half for i; `back` is (j, i)."""

    i: Ints
    j: Ints
    evening: Ints
    is_early: Bools
    yes: Bools
    fun: Floats
    profile: Floats
    back: Ints
    n_members: int

    @property
    def match(self) -> Bools:
        """Both said yes."""
        return self.yes & self.yes[self.back]


def read() -> Evenings:
    """The file; rows without a partner are left out, missing answers become the column's mean."""
    with gzip.open(DATA / FILE, "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["pid"]]

    def column(name: str) -> Floats:
        return np.array([float(row[name] or "nan") for row in rows])

    ids = {name: column(name).astype(np.int64) for name in ("iid", "pid", "wave", "order", "round")}
    names, places = np.unique(np.concatenate([ids["iid"], ids["pid"]]), return_inverse=True)
    i, j = np.split(places, 2)
    row_of = {pair: k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    back = np.array([row_of[b, a] for a, b in zip(i.tolist(), j.tolist(), strict=True)])
    profile = np.stack([column(name) for name in ("gender", *OF_ONESELF, *SOUGHT, *INTERESTS)], axis=1)
    profile = np.where(np.isnan(profile), np.nanmean(profile, axis=0), profile)
    is_early = ids["order"] <= ids["round"] / 2
    return Evenings(i, j, ids["wave"], is_early, column("dec") == 1, column("fun"), profile, back, len(names))


def warm(data: Evenings) -> list[str]:
    """AUC of both yeses on evenings whose half nothing was chosen on: mean and spread over draws."""
    train = data.is_early & data.is_early[data.back]
    test = ~data.is_early & ~data.is_early[data.back] & (data.i < data.j)
    answers = Answers(data.n_members, data.i, data.j, data.yes, data.fun).part(train)
    one_by_one = rule(answers)
    fitted = {values: fit(answers, **_named(values)) for values in GRID}
    lines = [
        f"| {title} | {_auc(data, model, test):.3f} |"
        for title, model in (
            ("the rule: shares given × received", one_by_one),
            ("learned, defaults, yeses alone", fit(answers.part(slice(None)), liking_weight=0.0)),
            ("learned, defaults, with how they found each other", fit(answers)),
        )
    ]
    evenings, judged, plain = np.unique(data.evening), [], []
    for draw in range(N_DRAWS):
        half = np.random.default_rng(draw).permutation(evenings)[: len(evenings) // 2]
        is_tuning = np.isin(data.evening, half)
        best = max(GRID, key=lambda values, rows=test & is_tuning: _auc(data, fitted[values], rows))  # type: ignore[misc]
        judged.append(_auc(data, fitted[best], test & ~is_tuning))
        plain.append(_auc(data, one_by_one, test & ~is_tuning))
    lines.append(f"| learned, chosen on six evenings, judged on six, {N_DRAWS} draws | {_spread(judged)} |")
    lines.append(f"| the rule on the same evenings | {_spread(plain)} |")
    return ["| warm | AUC |", "|---|---:|", *lines]


def _named(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(("ridge_by", "ridge_to", "liking_weight", "stretch"), values, strict=True))


def _auc(data: Evenings, model: YesModel, rows: Bools) -> float:
    return auc(data.match[rows], model.worth(data.i[rows], data.j[rows]))


def _spread(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def cold(data: Evenings) -> list[str]:
    """Mutual yeses of introductions on evenings left out, and who has nobody; by how a pair's worth is made."""
    features = _features(data)
    found: dict[str, list[tuple[float, float, float]]] = {"product": [], "harmonic": [], "random": []}
    for draw in range(N_DRAWS):
        rng = np.random.default_rng(draw)
        evenings = np.unique(data.evening)
        fold = dict(zip(evenings.tolist(), rng.permutation(np.arange(len(evenings)) % 4).tolist(), strict=True))
        fold_of = np.array([fold[one] for one in data.evening.tolist()])
        chance = np.zeros(len(data.i))
        for one in range(4):
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=500))
            model.fit(features[fold_of != one], data.yes[fold_of != one])
            chance[fold_of == one] = model.predict_proba(features[fold_of == one])[:, 1]
        back = chance[data.back]
        worths = {
            "product": chance * back,
            "harmonic": 2 * chance * back / (chance + back),
            "random": rng.random(len(chance)),
        }
        worths["random"] = (worths["random"] + worths["random"][data.back]) / 2
        for name, worth in worths.items():
            pairs = data.i < data.j
            found[name].append((auc(data.match[pairs], worth[pairs]), *_introduce(data, worth, draw)))
    rows = [
        f"| {name} | " + " | ".join(_spread(column) for column in zip(*of, strict=True)) + " |"
        for name, of in found.items()
    ]
    return ["| cold, at most three each | AUC | mutual yes | with nobody |", "|---|---:|---:|---:|", *rows]


def _features(data: Evenings) -> Floats:
    """What each said of themselves before the evening, what the other did, and how alike their interests are."""
    own, theirs = data.profile, data.profile[data.back]
    interests, other = own[:, -len(INTERESTS) :], theirs[:, -len(INTERESTS) :]
    a, b = interests - interests.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    alike = (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1) + 1e-9)
    apart = own[:, 1 + OF_ONESELF.index("age")] - theirs[:, 1 + OF_ONESELF.index("age")]
    sex = own[:, :1] - 0.5
    return np.column_stack([own, theirs, alike, apart, np.abs(apart), theirs * sex, own * sex])


def _introduce(data: Evenings, worth: Floats, seed: int) -> tuple[float, float]:
    """Share of mutual yeses, and of people with nobody, over all evenings."""
    n_yes = n_made = n_alone = n_people = 0
    for evening in np.unique(data.evening):
        rows = np.flatnonzero((data.evening == evening) & (data.i < data.j))
        people, ends = np.unique(np.stack([data.i[rows], data.j[rows]]), return_inverse=True)
        ends = ends.reshape(2, -1).T
        plan = assign(market(len(people), ends, worth[rows], caps=3, bonus=0.2, seed=seed))
        row_of = {(min(a, b), max(a, b)): row for (a, b), row in zip(ends.tolist(), rows.tolist(), strict=True)}
        made = [row_of[a, b] for a, b in plan.pairs.tolist()]
        n_yes += int(data.match[made].sum())
        n_made += len(made)
        n_alone += len(people) - len(set(plan.pairs.ravel().tolist()))
        n_people += len(people)
    return n_yes / n_made, n_alone / n_people


@needs_data
def main() -> None:
    """Both protocols."""
    data = read()
    print("\n".join([*warm(data), "", *cold(data)]))


if __name__ == "__main__":
    main()
