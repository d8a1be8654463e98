"""What admins choose for the whole community: its language, its time zone, who plans events, what happens to open questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.callbacks import CommunityButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import clock, name_of_clock, place_or_offset
from bot.texts import Voice
from bot.texts.languages import LANGUAGES
from models.domain.members.community_choices import RESCUE, RESCUE_DEFAULT, RESCUE_HOURS
from models.domain.members.rights import Creators

# Offered as buttons; any other is typed after the command.
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Shanghai", "Asia/Singapore")


def settings(
    voice: Voice,
    *,
    community: str,
    creators: Creators,
    now: datetime,
    is_zone_chosen: bool = True,
    rescue_hours: str = RESCUE_DEFAULT,
) -> Outgoing:
    """The choices as they stand, a clock that nobody chose as the guess it is; a press changes one and shows the same again."""

    def button(label: str, what: str, value: str, *, is_chosen: bool) -> Button:
        data = CommunityButton(what, value).pack()
        return Button(f"• {label}" if is_chosen else label, data=data)

    languages = [
        button(one.own_name, "language", one.code, is_chosen=one.code == voice.language) for one in LANGUAGES.values()
    ]
    zones = [
        button(place_or_offset(voice, name), "zone", name, is_chosen=is_zone_chosen and name == voice.zone.key)
        for name in ZONES
    ]
    who = [
        button(voice.plain(f"events.creators.{name}"), "creators", name, is_chosen=name == creators)
        for name in Creators
    ]
    rescues = [
        button(
            voice.plain(f"community_settings.rescue_{'hours' if hours.isdigit() else 'never'}", hours=hours),
            RESCUE,
            hours,
            is_chosen=hours == rescue_hours,
        )
        for hours in RESCUE_HOURS
    ]
    text = lines(
        voice.say("community_settings.title", community=community),
        "",
        voice.say(
            f"community_settings.{'zone' if is_zone_chosen else 'zone_guess'}",
            zone=name_of_clock(voice, voice.zone.key),
            now=clock(voice, now),
        ),
        voice.say(f"events.creators_now.{creators}"),
        voice.say(f"community_settings.rescue.{'on' if rescue_hours.isdigit() else 'off'}", hours=rescue_hours),
    )
    return Outgoing(text, [languages, zones[:3], zones[3:], *([one] for one in who), rescues])


def no_such_zone(voice: Voice, words: str, zones: Sequence[str]) -> Outgoing:
    """What was typed is no zone, or may be one of these."""
    rows = [[Button(place_or_offset(voice, zone), data=CommunityButton("zone", zone).pack())] for zone in zones]
    key = "community_settings.which_zone" if zones else "community_settings.unknown_zone"
    return Outgoing(voice.say(key, words=words[:60]), rows)
