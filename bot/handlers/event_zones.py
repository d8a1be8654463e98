"""Where a community is, asked once under its first preview: the press sets its clock, and the line is read again on it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from telegram import Message, Update

from bot.callbacks import EventZoneButton
from bot.handlers import event_drafts, event_lines, event_previews
from bot.handlers.event_previews import Plan
from bot.messages.community_settings import ZONES
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts.languages import LANGUAGES
from models.domain.events import events
from models.domain.member_time import zone_of
from models.domain.members import community_choices, rights
from models.reading.zones import keys
from models.tables.community import Chat, Community
from models.tables.event import Event, EventStatus


async def choose(update: Update, context: BotContext) -> None:
    """The planner pressed where they are; only an admin's press counts for everyone."""
    button = EventZoneButton.of(update)
    question = getattr(update.effective_message, "reply_to_message", None)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        if event is None or event.status != EventStatus.DRAFT:
            scene.alert("events.gone")
        elif not await events.may_manage(scene.session, event, scene.actor.id):
            scene.alert("events.not_yours")
        elif button.zone and button.zone not in keys().values():
            scene.alert("errors.foreign_button")
        else:
            scene.answer()
            host_id = event.host_id
            await event_drafts.redraw(scene, await _with_zone(scene, event, button.zone, question), author_id=host_id)


async def _with_zone(scene: Scene, event: Event, zone: str, question: Message | None) -> Plan:
    if not zone:
        return Plan(await event_previews.preview(scene, event, zones=ZONES), event)
    community = await scene.session.get_one(Community, event.community_id)
    if await rights.is_admin(scene.session, scene.actor.id, community.id):
        community_choices.choose(community, "zone", zone, languages=LANGUAGES)
    chat = await scene.session.get(Chat, event.chat_id) if event.chat_id else None
    line, picture = event_lines.line_of(question), event_lines.picture_of(question)
    if line and chat is not None:
        host_id = event.host_id
        await events.drop(scene.session, event.id)
        return await event_lines.plan_line(
            scene, line, community, chat, host_id=host_id, own_zone=zone, picture=picture
        )
    _set_clock(event, zone)
    await scene.session.flush()
    return Plan(await event_previews.preview(scene, event), event)


def _set_clock(event: Event, zone: str) -> None:
    """What was answered in words stays on the dial: 19:00 is 19:00 there."""
    before, after = zone_of(event.time_zone), zone_of(zone)
    event.starts_at = _same_dial(event.starts_at, before, after)
    event.ends_at = _same_dial(event.ends_at, before, after) if event.ends_at else None
    event.rsvp_until = _same_dial(event.rsvp_until, before, after) if event.rsvp_until else None
    event.time_zone = after.key


def _same_dial(at: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    return at.astimezone(before).replace(tzinfo=after).astimezone(UTC)
