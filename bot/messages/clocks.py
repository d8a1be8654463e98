"""The one question about a member's clock."""

from __future__ import annotations

from datetime import datetime

from bot.callbacks import ClockButton, SettingsButton
from bot.messages.outgoing import Button, Outgoing
from bot.messages.times import clock, name_of_clock
from bot.texts import Voice
from models.domain.members.preferences import MEETING


def question(voice: Voice, *, now: datetime) -> Outgoing:
    """Asked on the clock that is likely theirs."""
    yes = Button(voice.plain("preferences.clock_yes"), data=ClockButton(voice.zone.key).pack())
    other = Button(voice.plain("preferences.clock_other"), data=ClockButton("").pack())
    return Outgoing(voice.say("preferences.clock_question", now=clock(voice, now)), [[yes, other]])


def confirmation(voice: Voice) -> Outgoing:
    """What holds from now on; and whether they can come when people meet, which a clock does not tell."""
    row = [
        Button(voice.plain(f"preferences.meeting_{value}"), data=SettingsButton("meeting", value).pack())
        for value in MEETING
    ]
    return Outgoing(voice.say("preferences.clock_noted", zone=name_of_clock(voice, voice.zone.key)), [row])
