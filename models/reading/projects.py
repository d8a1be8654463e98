"""What somebody builds, out of the message in which they introduce themselves, in their own words. Pure rules."""

from __future__ import annotations

import re

from models.reading.gists import GIST_WIDTH, sentences, shorten
from models.reading.patterns import pattern_of

_WORK = pattern_of(
    r"^(?:(?:I|we)(?:'m| am|'re| are|'ve been)? )?(?:currently |now )?"
    r"(?:build|building|work on|working on|make|making|run|running)\b(?! (?:into|late|out|sure|it)\b)"
    r"|^(?:我们?)?(?:目前|现在|最近)?(?:正?在)?(?:做|开发|创办|运营)(?!的)",
    re.IGNORECASE,
)


def project_of(introduction: str) -> str | None:
    """The sentence that says it, without its full stop; None when no sentence begins with it."""
    telling = (one for one in sentences(introduction.replace("’", "'")) if is_of_work(one))
    first = next(telling, None)
    return shorten(first, GIST_WIDTH).rstrip(" .!。！") if first else None


def is_of_work(part: str) -> bool:
    """Whether a sentence, or a part of one, begins with what somebody builds."""
    return _WORK.search(part) is not None
