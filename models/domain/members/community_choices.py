"""What admins choose for the whole community; each choice takes effect with the next message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from models.domain.members import rights
from models.domain.members.rights import Creators
from models.reading.zones import zone_named
from models.tables.community import Community

# In a community's settings: what was chosen, and what was proposed to it once.
CHOSEN, PROPOSED = "chosen", "proposed"
# After how many hours a question that nobody answered is brought to who may know; "off": never.
RESCUE, RESCUE_HOURS, RESCUE_DEFAULT = "rescue", ("3", "6", "12", "24", "off"), "6"


class NotAChoice(ValueError):
    """No such setting, or no such value."""


def choose(community: Community, what: str, value: str, *, languages: Collection[str]) -> None:
    """Set one of language, zone (a name or a city, in any language), creators and rescue. Raises NotAChoice.

    `languages`: the codes of those that are spoken.
    """
    if what == "language" and value in languages:
        community.language = value
    elif what == "zone" and (zone := zone_named(value, own=community.time_zone, language=community.language).zone):
        community.time_zone = zone
    elif what == "creators" and value in list(Creators):
        rights.choose_creators(community, Creators(value))
    elif what == RESCUE and value in RESCUE_HOURS:
        community.settings = {**community.settings, RESCUE: value}
    else:
        raise NotAChoice(what)
    _note(community, CHOSEN, what)


def rescue_hours(community: Community) -> str:
    """One of RESCUE_HOURS."""
    return str(community.settings.get(RESCUE, RESCUE_DEFAULT))


def patience(community: Community) -> timedelta | None:
    """How long a question waits before it is brought to who may know; None: for ever."""
    hours = rescue_hours(community)
    return timedelta(hours=int(hours)) if hours.isdigit() else None


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
