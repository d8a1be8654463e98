"""Patterns that are made when somebody looks for them the first time.

The patterns of this room take a third of a second to make, and a host that starts, a job, a command need few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class LatePattern:
    """Stands for a pattern until it is asked for anything but its source; then its methods are the pattern's own."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self.flags = source, flags

    def __getattr__(self, name: str) -> Any:
        # Only asked for what is not there yet: from then on it is.
        made = re.compile(self.pattern, self.flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"):
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def pattern_of(source: str, flags: int = 0) -> re.Pattern[str]:
    """What re.compile() gives, made at its first use. A faulty source is found there: a test makes them all."""
    return cast("re.Pattern[str]", LatePattern(source, flags))
