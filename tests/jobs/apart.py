"""What a Python of its own needs to find the code under test."""

from __future__ import annotations

import os
import sys


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
