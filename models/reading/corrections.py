"""A text without the remark that it was edited: "(edit: typo)", （改个错字）. Pure rules."""

from __future__ import annotations

import re

_CORRECTION = re.compile(
    r"\s*(?:[(（\[]\s*(?:edit(?:ed|s)?|corr(?:ection|ected)|typo|fixed|更正|改正?|编辑|修改|修正|勘误)(?![a-z])[^)）\]]*[)）\]]|"
    r"(?<!\w)edit(?:ed)?\s*[:：].*|(?:更正|编辑|修改|勘误)[:：].*|✏️)\s*$",
    re.IGNORECASE,
)


def without_correction(text: str | None) -> str:
    """The text as it was meant; "" of none."""
    return _CORRECTION.sub("", text or "").strip()
