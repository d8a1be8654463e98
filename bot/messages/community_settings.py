"""What admins choose for the whole community: its language, its time zone, who plans events."""

from __future__ import annotations

from datetime import datetime

from bot.callbacks import CommunityButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.start import LANGUAGE_NAMES
from bot.messages.times import moment
from bot.texts import Texts

# Offered as buttons; any other is typed after the command.
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Shanghai", "Asia/Singapore")


def settings(texts: Texts, language: str, *, community: str, zone: str, creators: str, now: datetime) -> Outgoing:
    """The choices as they stand; a press changes one and shows the same message again."""

    def button(label: str, what: str, value: str, *, is_chosen: bool) -> Button:
        data = CommunityButton(what, value).pack()
        return Button(f"• {label}" if is_chosen else label, data=data)

    languages = [button(name, "language", code, is_chosen=code == language) for code, name in LANGUAGE_NAMES.items()]
    zones = [button(name.rpartition("/")[2].replace("_", " "), "zone", name, is_chosen=name == zone) for name in ZONES]
    who = [
        button(texts.plain(language, f"events.creators.{name}"), "creators", name, is_chosen=name == creators)
        for name in ("admins", "everyone")
    ]
    text = lines(
        texts.say(language, "community_settings.title", community=community),
        "",
        texts.say(language, "community_settings.zone", zone=zone, now=moment(texts, language, now, zone)),
        texts.say(language, f"events.creators_now.{creators}"),
    )
    return Outgoing(text, [languages, zones[:3], zones[3:], *([one] for one in who)])
