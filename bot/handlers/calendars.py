"""The .ics file of one event, and the address of one's own feed."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import CalendarButton
from bot.messages import calendars as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import calendar_links
from models.domain.events.calendar_files import event_file
from models.domain.members import consent
from models.domain.sending import deliveries
from models.tables.event import Event


async def send_file(scene: Scene, event: Event) -> None:
    """The event as a file for any calendar; only in private, only for members."""
    scene.answer()
    if not scene.is_private or not await consent.is_member(scene.session, scene.actor.id, event.community_id):
        return
    entry = await calendar_links.of_reader(scene.session, event, scene.actor.id)
    content = event_file(messages.with_title(scene.voice, entry)).encode()
    file = {"document": deliveries.attachment(content, "event.ics")}
    await scene.send_privately("sendDocument", file, community_id=event.community_id)


async def calendar(update: Update, context: BotContext) -> None:
    """/calendar: what a feed is, and a button that makes its address."""
    async with context.scene(update) as scene:
        await scene.reply(_feed_message(scene, None))


async def press(update: Update, context: BotContext) -> None:
    """A new address (the old one stops), or none any more."""
    button = CalendarButton.of(update)
    async with context.scene(update) as scene:
        scene.answer()
        if not scene.is_private:
            return
        if button.action == "renew" and scene.services.config.web.address:
            token = await calendar_links.open_feed(scene.session, scene.actor.id, now=scene.now)
            await scene.redraw(_feed_message(scene, token))
        elif button.action == "revoke":
            await calendar_links.close_feed(scene.session, scene.actor.id)
            await scene.redraw(Outgoing(scene.say("calendars.revoked")))


def _feed_message(scene: Scene, token: str | None) -> Outgoing:
    base = scene.services.config.web.address.rstrip("/")
    if not base:
        return Outgoing(scene.say("calendars.no_feed"))
    address = f"{base}/calendar/{token}.ics" if token else None
    return messages.feed(scene.voice, address)
