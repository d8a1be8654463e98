"""What admins choose for the whole community; each choice takes effect with the next message."""

from __future__ import annotations

from collections.abc import Collection

from models.domain.members import rights
from models.domain.members.rights import Creators
from models.reading.zones import zone_named
from models.tables.community import Community

# In a community's settings: what was chosen, and what was proposed to it once.
CHOSEN, PROPOSED = "chosen", "proposed"


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
    _note(community, CHOSEN, what)


def is_chosen(community: Community, what: str, *, default: str) -> bool:
    """Whether admins chose the language or the zone.

    What differs from the installation's default, and was not taken from the group's own writing, was chosen before we noted it.
    """
    if what in community.settings.get(CHOSEN, []):
        return True
    now = community.language if what == "language" else community.time_zone
    return now != default and what not in community.settings.get(PROPOSED, [])


def speak(community: Community, language: str) -> None:
    """Begin in the language that the group itself is written in; its admins are still asked."""
    if community.language != language:
        community.language = language
        _note(community, PROPOSED, "language")


def propose_once(community: Community, what: str) -> bool:
    """True the first time only."""
    if what in community.settings.get(PROPOSED, []):
        return False
    _note(community, PROPOSED, what)
    return True


def _note(community: Community, where: str, what: str) -> None:
    # Assigned anew: a change inside the JSON would go unnoticed.
    notes = sorted({*community.settings.get(where, []), what})
    community.settings = {**community.settings, where: notes}
