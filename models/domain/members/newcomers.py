"""Who counts as new in a community."""

from __future__ import annotations

from datetime import datetime, timedelta

# How long somebody counts as new.
NEW_FOR = timedelta(days=45)
# Who joined within so long of our first hearing of the group was there before us.
FOUNDING = timedelta(days=1)


def is_new(joined_at: datetime | None, founded_at: datetime | None, *, now: datetime) -> bool:
    """Joined lately, and not with the founders: in a group that has just begun nobody is new."""
    if joined_at is None or now - joined_at > NEW_FOR:
        return False
    return founded_at is None or joined_at >= founded_at + FOUNDING
