"""Which counts may be told: none of fewer than three, and none beside another one whose difference would tell of fewer."""

from __future__ import annotations

from collections.abc import Collection

# Fewer than so many are somebody.
FEWEST = 3


def crowd(n: int) -> int | None:
    """The count; None where it is fewer than FEWEST, nobody at all included."""
    return n if n >= FEWEST else None


def is_crowd_lost(pairs: Collection[tuple[int, int]]) -> bool:
    """Whether of (asker, whom they asked) that came to nothing so many are on either side that nobody can be meant.

    Only then the count that they are part of may be told: where it is not, nobody knows whether anybody was lost at all.
    """
    return len({one for one, _ in pairs}) >= FEWEST and len({other for _, other in pairs}) >= FEWEST
