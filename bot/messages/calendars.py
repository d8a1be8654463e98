"""The personal calendar feed in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from urllib.parse import quote

from bot.callbacks import CalendarButton
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Voice
from models.domain.events.calendar_files import CalendarEvent, subscribe_link
from models.tables.event import RsvpStatus


def with_title(voice: Voice, event: CalendarEvent) -> CalendarEvent:
    """The event with a title that tells what is not certain yet: many calendars show no other mark."""
    if event.is_cancelled or event.answer not in (RsvpStatus.MAYBE, RsvpStatus.WAITLISTED):
        return event
    return replace(event, title=voice.plain(f"calendars.title.{event.answer}", title=event.title))


def feed(voice: Voice, address: str | None) -> Outgoing:
    """What the feed is; with its address, how to subscribe and how to revoke it."""

    def button(action: Literal["renew", "revoke"]) -> Button:
        return Button(voice.plain(f"calendars.{action}"), data=CalendarButton(action).pack())

    if address is None:
        return Outgoing(voice.say("calendars.feed"), [[button("renew")], [button("revoke")]])
    google = f"https://calendar.google.com/calendar/render?cid={quote(subscribe_link(address), safe='')}"
    rows = [[Button("📅 Google", url=google)], [button("renew"), button("revoke")]]
    return Outgoing(voice.say("calendars.address", address=address), rows)
