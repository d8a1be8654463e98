"""The one question about the community's clock, under its first preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.callbacks import EventZoneButton
from bot.messages.community_settings import ZONES
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.setup import place_and_time
from bot.messages.times import name_of_clock
from bot.texts import Voice


def zone_question(voice: Voice, preview: Outgoing, event_id: int, zones: Sequence[str], *, now: datetime) -> Outgoing:
    """The preview with the question under it; without likely zones, those where most are."""
    zones_offered = list(zones) or [*ZONES]
    buttons = [
        Button(place_and_time(voice, zone, now), data=EventZoneButton(event_id, zone).pack()) for zone in zones_offered
    ]
    if len(zones_offered) < len(ZONES):
        buttons.append(Button(voice.plain("setup.other_zones"), data=EventZoneButton(event_id, "").pack()))
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    question = voice.say("events.zone_unset", zone=name_of_clock(voice, voice.zone.key))
    return replace(preview, text=lines(preview.text, "", question), rows=[*rows, *preview.rows])
