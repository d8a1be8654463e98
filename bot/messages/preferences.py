"""/settings and /pause: one message that its buttons change."""

from __future__ import annotations

from collections.abc import Mapping

from bot.callbacks import PauseButton, SettingsButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Texts
from models.domain.members.preferences import PAUSES, offered

PAGES = ("digest", "hour", "quiet", "budget", "zone")
BUTTONS_IN_A_ROW = {"digest": 1, "hour": 4, "quiet": 2, "budget": 3, "zone": 2}


def overview(
    texts: Texts, language: str, chosen: Mapping[str, str], *, paused_until: str | None, n_left_out: int
) -> Outgoing:
    """Everything that holds, and a button for each."""
    told = [
        texts.say(language, "preferences.line", what=texts.plain(language, f"preferences.{page}"), value=value)
        for page in PAGES
        if (value := _said(texts, language, page, chosen[page]))
    ]
    paused = texts.say(language, "preferences.paused_line", day=paused_until) if paused_until else None
    left_out = texts.say(language, "preferences.left_out", n=n_left_out) if n_left_out else None
    rows = [[_page(texts, language, page) for page in PAGES[start : start + 2]] for start in range(0, len(PAGES), 2)]
    if n_left_out:
        forget = SettingsButton("left_out", "forget").pack()
        rows.append([Button(texts.plain(language, "preferences.forget_left_out"), data=forget)])
    title = texts.say(language, "preferences.title")
    consent = texts.say(language, "preferences.needs_consent")
    return Outgoing(lines(title, "", *told, paused, left_out, "", consent), rows)


def page(texts: Texts, language: str, what: str, chosen: str) -> Outgoing:
    """One preference's values; a press chooses."""
    buttons = [
        Button(
            f"{'✅ ' if value == chosen else ''}{_said(texts, language, what, value)}",
            data=SettingsButton(what, value).pack(),
        )
        for value in offered(what)
    ]
    width = BUTTONS_IN_A_ROW[what]
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    back = Button(texts.plain(language, "preferences.back"), data=SettingsButton("", "").pack())
    return Outgoing(texts.say(language, f"preferences.page.{what}"), [*rows, [back]])


def ask_how_long(texts: Texts, language: str, *, paused_until: str | None) -> Outgoing:
    """/pause."""
    row = [_pause(texts, language, how_long) for how_long in PAUSES]
    paused = texts.say(language, "preferences.paused_line", day=paused_until) if paused_until else None
    rows = [row, [_pause(texts, language, "resume")]] if paused_until else [row]
    return Outgoing(lines(paused, texts.say(language, "preferences.pause_ask")), rows)


def paused(texts: Texts, language: str, *, until: str | None) -> Outgoing:
    """What a press on /pause changed."""
    if until is None:
        return Outgoing(texts.say(language, "preferences.pause_ended"))
    rows = [[_pause(texts, language, "resume")]]
    return Outgoing(texts.say(language, "preferences.pause_done", day=until), rows)


def no_such_zone(texts: Texts, language: str, text: str) -> Safe:
    """A zone was typed that does not exist."""
    return texts.say(language, "preferences.no_zone", text=text[:60])


def _page(texts: Texts, language: str, what: str) -> Button:
    return Button(texts.plain(language, f"preferences.{what}"), data=SettingsButton(what, "").pack())


def _pause(texts: Texts, language: str, how_long: str) -> Button:
    return Button(texts.plain(language, f"preferences.pause_{how_long}"), data=PauseButton(how_long).pack())


def _said(texts: Texts, language: str, what: str, value: str) -> str:
    match what:
        case "digest":
            return texts.plain(language, f"preferences.value.digest.{value}")
        case "hour":
            return texts.plain(language, "preferences.value.hour", value=value)
        case "quiet":
            start, end = value.split("-")
            key = "preferences.value.quiet_never" if start == end else "preferences.value.quiet"
            return texts.plain(language, key, start=start, end=end)
        case "budget":
            return texts.plain(language, "preferences.value.budget", n=int(value))
        case _:
            return value.replace("_", " ")
