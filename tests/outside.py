"""What some tests and benchmarks read that is no part of the repository; without it they say so, and nothing is proved.

KLATCH_TEST_DATA is a folder of real data (exports, RSVPs), KLATCH_TEST_BOTAPI the Bot API's specification as one JSON file.
Unset, both are looked for in `shared` beside the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[2] / "shared"
DATA = Path(os.environ.get("KLATCH_TEST_DATA", _BESIDE / "data"))
BOTAPI = Path(os.environ.get("KLATCH_TEST_BOTAPI", _BESIDE / "botapi-spec.json"))
NO_DATA = "the real data is not here: KLATCH_TEST_DATA names its folder"
NO_BOTAPI = "the Bot API's specification is not here: KLATCH_TEST_BOTAPI names its file"
