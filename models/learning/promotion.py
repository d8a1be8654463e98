"""May a newly fitted model serve? Only when it earned it on later data; otherwise the champion stays, and why is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.learning.arrays import Floats, Ints
from models.learning.evaluation import Difference, paired_bootstrap

# With fewer members than this the bootstrap's interval means nothing.
MIN_MEMBERS = 10
MIN_QUERIES = 30


@dataclass(frozen=True, eq=False)
class JudgedModel:
    """One model's metric on each query of the later data: values (n_queries,), higher is better, NaN allowed.

    All models of one judgement are judged on the same queries; `member` is the member of each.
    """

    values: Floats
    member: Ints


@dataclass(frozen=True)
class Verdict:
    """Whether to promote. `why` is a key for the texts, `numbers` fill it; `metrics` has the mean of every model.

    Keys: better_than_all, no_champion, too_little_data, score_is_not_a_number, not_better_than_baseline,
    worse_than_champion.
    """

    promote: bool
    why: str
    numbers: dict[str, float | str]
    metrics: dict[str, float]


def judge(
    candidate: JudgedModel,
    champion: JudgedModel | None,
    baselines: Mapping[str, JudgedModel],
    *,
    metric: str,
    n_bootstrap: int = 1000,
    rng: np.random.Generator,
) -> Verdict:
    """Promote when surely better than every baseline (90 % interval above 0) and not worse than the champion.

    Not worse: the interval of candidate - champion reaches above 0 and its mean is not below -1 % of the champion's.
    `metric` is only named in the verdict. Raises ValueError when the models were judged on different queries.
    """
    others = dict(baselines) | ({} if champion is None else {"champion": champion})
    if any(len(other.values) != len(candidate.values) for other in others.values()):
        raise ValueError("All models must be judged on the same queries.")
    metrics = {name: _mean(values) for name, values in {"candidate": candidate, **others}.items()}
    numbers: dict[str, float | str] = {"metric": metric, "candidate": metrics["candidate"]}

    def verdict(why: str, more: dict[str, float | str], *, promote: bool = False) -> Verdict:
        return Verdict(promote, why, numbers | more, metrics)

    n_members = len(np.unique(candidate.member))
    if len(candidate.values) < MIN_QUERIES or n_members < MIN_MEMBERS:
        return verdict("too_little_data", {"queries": float(len(candidate.values)), "members": float(n_members)})
    if np.isnan(metrics["candidate"]):
        return verdict("score_is_not_a_number", {})
    beats = {name: _difference(candidate, other, n_bootstrap, rng) for name, other in others.items()}
    for name in baselines:
        if not beats[name].low > 0:
            return verdict("not_better_than_baseline", _wording(beats[name], metrics[name], baseline=name))
    if champion is None:
        return verdict("no_champion", {}, promote=True)
    gain, before = beats["champion"], metrics["champion"]
    is_worse = gain.high <= 0 or gain.mean < -0.01 * abs(np.nan_to_num(before))
    return verdict(
        "worse_than_champion" if is_worse else "better_than_all", _wording(gain, before), promote=not is_worse
    )


def _difference(a: JudgedModel, b: JudgedModel, n_bootstrap: int, rng: np.random.Generator) -> Difference:
    return paired_bootstrap(a.values, b.values, a.member, n_bootstrap=n_bootstrap, rng=rng)


def _mean(gains: JudgedModel) -> float:
    """NaN as soon as one value is: a model that breaks on one query is broken."""
    return float(np.mean(gains.values)) if len(gains.values) else float("nan")


def _wording(difference: Difference, other: float, **more: str) -> dict[str, float | str]:
    return {"other": other, "gain": difference.mean, "low": difference.low, "high": difference.high, **more}
