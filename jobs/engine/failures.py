"""What is told of a failure: its type and place, never its text, which may repeat what a member wrote."""

from __future__ import annotations

import traceback
from pathlib import Path


class JobFailed(Exception):
    """A job did not reach its end; the text is a line of ours, fit for rows, logs and admins."""


def describe(error: BaseException) -> str:
    """One line: our own text for our own failures, type and place for others, e.g. "KeyError in apply:31 (retention.py)"."""
    if isinstance(error, JobFailed):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    # Where our code stood; what libraries did below it helps nobody.
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return f"{type(error).__name__} in {ours[-1].name}:{ours[-1].lineno} ({Path(ours[-1].filename).name})"


def frames(error: BaseException) -> str:
    """Where it happened, for the log: frames only."""
    return "".join(traceback.format_tb(error.__traceback__))
