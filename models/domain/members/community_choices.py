"""What admins choose for the whole community; each choice takes effect with the next message."""

from __future__ import annotations

from collections.abc import Collection

from models.domain.members import rights
from models.domain.members.preferences import zone_named
from models.reading.zones import find_zone
from models.tables.community import Community


class NotAChoice(ValueError):
    """No such setting, or no such value."""


def choose(community: Community, what: str, value: str, *, languages: Collection[str]) -> None:
    """Set one of language, zone (a name or a city, in any language) and creators. Raises NotAChoice.

    `languages`: the codes of those that are spoken.
    """
    if what == "language" and value in languages:
        community.language = value
    elif what == "zone" and (zone := zone_of_words(value)) is not None:
        community.time_zone = zone
    elif what == "creators" and value in rights.CREATORS:
        rights.choose_creators(community, value)
    else:
        raise NotAChoice(what)


def zone_of_words(words: str) -> str | None:
    """The zone an admin typed: "Berlin", "Europe/Berlin", 北京; None when there is none like it."""
    found = zone_named(words)
    if found is None:
        mention = find_zone(f"{words.strip().lower()} time") or find_zone(f"{words.strip()}时间")
        found = getattr(mention.zone, "key", None) if mention else None
    return found
