"""/settings and /pause: one message that its buttons change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import PauseButton, SettingsButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import clock, name_of_clock, place_or_offset
from bot.texts import Voice
from models.domain.members.preferences import PAUSES, options


@dataclass(frozen=True)
class OwnClock:
    """Whose clock a member's hours are read from: theirs, or as long as they told none that of each group they said yes in."""

    zones: Sequence[str]
    is_guessed: bool


PAGES = ("digest", "hour", "quiet", "budget", "zone", "meeting")
BUTTONS_IN_A_ROW = {"digest": 1, "hour": 4, "quiet": 2, "budget": 3, "zone": 2, "meeting": 1}


def overview(
    voice: Voice,
    choices: Mapping[str, str],
    *,
    own_clock: OwnClock,
    leaves_at: int,
    paused_until: str | None,
    n_left_out: int,
    now: datetime,
) -> Outgoing:
    """Everything that holds, and a button for each; a clock that nobody chose is said to be a guess, for one tap to make sure.

    `leaves_at` is the hour at which digests really leave.
    """
    values = {page: _wording(voice, page, choices[page]) for page in PAGES}
    if str(leaves_at) != choices["hour"]:
        values["hour"] = voice.plain("preferences.value.hour_held", value=leaves_at)
    values["zone"] = _zones_in_words(voice, own_clock, now)
    if own_clock.is_guessed:
        values["hour"] = _by_guess(voice, values["hour"], own_clock)
        values["quiet"] = _by_guess(voice, values["quiet"], own_clock)
    choice_lines = [
        voice.say("preferences.line", what=voice.plain(f"preferences.{page}"), value=value)
        for page, value in values.items()
        if value
    ]
    pause_line = voice.say("preferences.paused_line", day=paused_until) if paused_until else None
    left_out = voice.say("preferences.left_out", n=n_left_out) if n_left_out else None
    rows = [[_page(voice, page) for page in PAGES[start : start + 2]] for start in range(0, len(PAGES), 2)]
    if n_left_out:
        forget = SettingsButton("left_out", "forget").pack()
        rows.append([Button(voice.plain("preferences.forget_left_out"), data=forget)])
    if own_clock.is_guessed:
        rows[:0] = [[_right_zone(voice, zone)] for zone in own_clock.zones]
    title = voice.say("preferences.title")
    consent = voice.say("preferences.needs_consent")
    return Outgoing(lines(title, "", *choice_lines, pause_line, left_out, "", consent), rows)


def _zones_in_words(voice: Voice, own_clock: OwnClock, now: datetime) -> str:
    names = [name_of_clock(voice, zone) for zone in own_clock.zones]
    if not own_clock.is_guessed:
        return names[0]
    if len(names) > 1:
        return voice.plain("preferences.value.zones_guess", zones=voice.together(names))
    there = clock(voice.on_clock(own_clock.zones[0]), now)
    return voice.plain("preferences.value.zone_guess", zone=names[0], now=there)


def _by_guess(voice: Voice, hours: str, own_clock: OwnClock) -> str:
    """Hours, and whose clock they are read from: nobody's night is claimed to be known."""
    if len(own_clock.zones) > 1:
        return voice.plain("preferences.value.by_each_group", hours=hours)
    return voice.plain("preferences.value.by_clock", hours=hours, zone=name_of_clock(voice, own_clock.zones[0]))


def _right_zone(voice: Voice, zone: str) -> Button:
    words = voice.plain("preferences.zone_right", zone=name_of_clock(voice, zone))
    return Button(words, data=SettingsButton("zone", zone).pack())


def page(voice: Voice, what: str, current: str) -> Outgoing:
    """One preference's values; a press chooses."""
    buttons = [
        Button(
            f"{'✅ ' if value == current else ''}{_wording(voice, what, value)}",
            data=SettingsButton(what, value).pack(),
        )
        for value in options(what)
    ]
    width = BUTTONS_IN_A_ROW[what]
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    back = Button(voice.plain("preferences.back"), data=SettingsButton("", "").pack())
    return Outgoing(voice.say(f"preferences.page.{what}"), [*rows, [back]])


def ask_how_long(voice: Voice, *, paused_until: str | None, unread: str | None = None) -> Outgoing:
    """/pause."""
    row = [_pause(voice, how_long) for how_long in PAUSES]
    pause_line = voice.say("preferences.paused_line", day=paused_until) if paused_until else None
    rows = [row, [_pause(voice, "resume")]] if paused_until else [row]
    unread_line = voice.say("preferences.pause_unread", text=unread[:60]) if unread else None
    return Outgoing(lines(unread_line, pause_line, voice.say("preferences.pause_ask")), rows)


def pause(voice: Voice, *, until: str | None) -> Outgoing:
    """What a press on /pause changed."""
    if until is None:
        return Outgoing(voice.say("preferences.pause_ended"))
    rows = [[_pause(voice, "resume")]]
    return Outgoing(voice.say("preferences.pause_done", day=until), rows)


def no_such_zone(voice: Voice, text: str, zones: Sequence[str]) -> Outgoing:
    """What was typed is no zone, or may be one of these."""
    rows = [[Button(place_or_offset(voice, zone), data=SettingsButton("zone", zone).pack())] for zone in zones]
    return Outgoing(voice.say("preferences.which_zone" if zones else "preferences.no_zone", text=text[:60]), rows)


def _page(voice: Voice, what: str) -> Button:
    return Button(voice.plain(f"preferences.{what}"), data=SettingsButton(what, "").pack())


def _pause(voice: Voice, how_long: str) -> Button:
    return Button(voice.plain(f"preferences.pause_{how_long}"), data=PauseButton(how_long).pack())


def _wording(voice: Voice, what: str, value: str) -> str:
    match what:
        case "digest":
            return voice.plain(f"preferences.value.digest.{value}")
        case "hour":
            return voice.plain("preferences.value.hour", value=value)
        case "quiet":
            start, end = value.split("-")
            key = "preferences.value.quiet_never" if start == end else "preferences.value.quiet"
            return voice.plain(key, start=start, end=end)
        case "budget":
            return voice.plain("preferences.value.budget", n=int(value))
        case "meeting":
            return voice.plain(f"preferences.value.meeting.{value}")
        case _:
            return place_or_offset(voice, value)
