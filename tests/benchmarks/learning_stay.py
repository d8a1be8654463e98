"""Who stays: active in the next 14 days, given the time before. Run: python -m tests.benchmarks.learning_stay

Every two days all members active in the 28 days before; fitted on the first three quarters of the time (what happened
by then), judged on the last quarter.
"""

from __future__ import annotations

import numpy as np

from models.learning import activity_model
from models.learning.arrays import DAY
from models.learning.evaluation import auc, brier, ece
from models.learning.fitting import calibrate
from tests.benchmarks.learning_data import beer, exports, needs_data

HORIZON = activity_model.HORIZON_DAYS * DAY


@needs_data
def main() -> None:
    """One line per community and rule."""
    print(f"{'':16} {'rule':12} AUC    Brier  ECE    rows  rate")
    for name, log in {**exports(), "beer": beer()}.items():
        at = log.messages.at
        split = at[-1] - 0.25 * (at[-1] - at[0])
        step = max(2 * DAY, (split - at[0]) / 120)
        past = activity_model.examples(log, np.arange(at[0] + 14 * DAY, split - HORIZON, step))
        later = activity_model.examples(log, np.arange(split, at[-1] - HORIZON, 2 * DAY))
        model = activity_model.fit(log, np.unique(past.at))
        since = -past.x[:, past.feature_names.index("days_since_active")]
        rule = calibrate(since, past.outcome, past.weight)
        recency = -later.x[:, later.feature_names.index("days_since_active")]
        for title, said in (("recency", rule(recency)), ("learned", model.predict(later.x))):
            scores = recency if title == "recency" else model.score(later.x)
            numbers = (auc(later.outcome, scores), brier(later.outcome, said), ece(later.outcome, said))
            print(f"{name:16} {title:12} " + "  ".join(f"{number:.3f}" for number in numbers), end="  ")
            print(f"{len(later.at)}  {later.outcome.mean():.2f}  {model.report['winner']}")


if __name__ == "__main__":
    main()
