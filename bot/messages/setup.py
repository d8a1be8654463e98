"""The set-up report: each thing with a tick or a cross, and how to mend it, by a tap where a tap does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import FirstStepButton, SetupButton
from bot.messages.community_settings import ZONES
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import clock, name_of_clock, place_or_offset
from bot.texts import Safe, Voice
from bot.texts.languages import LANGUAGES
from models.domain.members.communities import HeardCounts, Inspection


@dataclass(frozen=True)
class Choices:
    """What admins chose; for what they did not, what the group looks like, the likeliest zone first."""

    has_language: bool
    has_zone: bool
    language: str | None = None
    zones: Sequence[str] = ()
    # They asked for zones besides the likely ones.
    shows_all: bool = False


def report(
    voice: Voice,
    inspection: Inspection,
    progress: HeardCounts,
    choices: Choices,
    *,
    chat_id: int,
    bot_username: str,
    now: datetime,
    can_pin: bool,
) -> Outgoing:
    """What holds, what does not and its fix, what was heard so far; one tap for each choice, one checks again."""
    questions = [*_languages(voice, choices), *_zones(voice, choices, now)]
    again = Button(voice.plain("setup.again"), data=SetupButton(chat_id).pack())
    if inspection.problem:
        return Outgoing(voice.say("setup.unreachable", problem=inspection.problem), [*questions, [again]])
    text = lines(*_checks(voice, inspection, choices, bot_username, now), "", _progress(voice, progress))
    notice = [_button(voice.plain("setup.ask_again"), "ask_again")]
    notice += [_button(voice.plain("setup.pin"), "pin")] if can_pin else []
    return Outgoing(text, [*questions, [again], *([notice] if progress.n_learning < progress.n_members else [])])


def _checks(voice: Voice, inspection: Inspection, choices: Choices, bot_username: str, now: datetime) -> list[Safe]:
    """The needed rights, in the order in which an admin mends them, then what they choose."""
    states = [
        ("admin", inspection.is_admin),
        ("privacy", inspection.reads_everything),
        ("updates", not inspection.missing_updates),
        ("supergroup", inspection.is_supergroup),
        ("language", choices.has_language),
        ("zone", choices.has_zone),
    ]
    is_ready = all(is_well for name, is_well in states if name != "supergroup")
    checks = [voice.say(f"setup.{'ready' if is_ready else 'not_ready'}"), Safe("")]
    values = {"bot": bot_username, "zone": name_of_clock(voice, voice.zone.key), "now": clock(voice, now)}
    for name, is_well in states:
        checks.append(voice.say(f"setup.{name}.{'yes' if is_well else 'no'}", **values))
    return checks


def _languages(voice: Voice, choices: Choices) -> list[list[Button]]:
    """Every language of ours, first the one the group looks like."""
    if choices.has_language:
        return []
    first = choices.language or voice.language
    codes = sorted(LANGUAGES, key=lambda code: code != first)
    return [[_button(LANGUAGES[code].own_name, "language", code) for code in codes]]


def _zones(voice: Voice, choices: Choices, now: datetime) -> list[list[Button]]:
    """The likely zones by the time it is there, which is what people know; then the others."""
    if choices.has_zone:
        return []
    likely = list(choices.zones) or [*ZONES]
    zones = list(dict.fromkeys([*choices.zones, *ZONES])) if choices.shows_all else likely
    buttons = [_button(place_and_time(voice, zone, now), "zone", zone) for zone in zones]
    if len(zones) < len(ZONES):
        buttons.append(_button(voice.plain("setup.other_zones"), "other_zones"))
    return [buttons[n : n + 2] for n in range(0, len(buttons), 2)]


def place_and_time(voice: Voice, zone: str, now: datetime) -> str:
    """ "Berlin 21:14"."""
    return f"{place_or_offset(voice, zone)} {clock(voice.on_clock(zone), now)}"


def _button(words: str, step: str, value: str = "") -> Button:
    return Button(words, data=FirstStepButton(step, value).pack())  # type: ignore[arg-type]


def _progress(voice: Voice, heard_so_far: HeardCounts) -> Safe:
    return voice.say(
        "setup.heard",
        messages=heard_so_far.n_messages,
        reactions=heard_so_far.n_reactions,
        members=heard_so_far.n_members,
        learning=heard_so_far.n_learning,
    )
