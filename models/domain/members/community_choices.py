"""What admins choose for the whole community; each choice takes effect with the next message."""

from __future__ import annotations

from collections.abc import Collection

from models.domain.members import rights
from models.domain.members.rights import Creators
from models.reading.zones import zone_named
from models.tables.community import Community


class NotAChoice(ValueError):
    """No such setting, or no such value."""


def choose(community: Community, what: str, value: str, *, languages: Collection[str]) -> None:
    """Set one of language, zone (a name or a city, in any language) and creators. Raises NotAChoice.

    `languages`: the codes of those that are spoken.
    """
    if what == "language" and value in languages:
        community.language = value
    elif what == "zone" and (zone := zone_named(value, own=community.time_zone, language=community.language).zone):
        community.time_zone = zone
    elif what == "creators" and value in list(Creators):
        rights.choose_creators(community, Creators(value))
    else:
        raise NotAChoice(what)
