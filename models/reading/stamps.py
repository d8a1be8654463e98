"""Stamps that machines write, as people write times: 2026-03-20T18:00:00+02:00 becomes 2026-03-20 18:00 UTC+02:00."""

import re

from models.reading.patterns import pattern_of

_STAMP = pattern_of(
    r"(?<![0-9])(?P<year>20[0-9]{2})(?P<mark>-?)(?P<month>[01][0-9])(?P=mark)(?P<day>[0-3][0-9])(?:[Tt]| (?=[0-9]{2}:[0-9]{2}))"
    r"(?P<hour>[0-2][0-9]):?(?P<minute>[0-5][0-9])(?P<seconds>:?[0-5][0-9](?:[.,][0-9]{1,9})?)?"
    r"(?P<offset>\s?[Zz](?![^\W_])|\s?[+-][01][0-9]:?[0-5][0-9](?![0-9:]))?(?![0-9])"
)
_SECONDS = pattern_of(r"(?<![0-9:])(?P<clock>[0-2]?[0-9]:[0-5][0-9]):00(?![0-9:])")


def plain_stamps(text: str) -> str:
    """The text with every stamp as date, clock time and offset apart, and without seconds."""
    return _SECONDS.sub(r"\g<clock>", _STAMP.sub(_plain, text))


def _plain(match: re.Match[str]) -> str:
    offset = (match["offset"] or "").strip()
    # "2026-03-20 18:00 -20:00" is a range that somebody typed.
    if offset.startswith("-") and "t" not in match[0].lower() and not match["seconds"]:
        return match[0]
    zone_name = " UTC" if offset.lower() == "z" else f" UTC{offset[:3]}:{offset[-2:]}" if offset else ""
    return f"{match['year']}-{match['month']}-{match['day']} {match['hour']}:{match['minute']}{zone_name}"
