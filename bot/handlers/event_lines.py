"""A line after /event: read, previewed, or asked about; and the presses that answer such a question."""

from __future__ import annotations

from datetime import date, datetime

from telegram import Message, Update
from telegram.ext import filters

from bot.callback_data import ButtonIsForeign
from bot.callbacks import EventHourButton, EventLineButton
from bot.handlers import event_drafts, event_places, event_previews
from bot.handlers.event_previews import Plan
from bot.messages import event_lines as messages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.member_time import zone_of
from models.domain.members import rights
from models.reading.event_draft import Choice, EventLineProblem
from models.reading.event_lines import read_event_line
from models.reading.rhythms import rhythm_of
from models.reading.zones import keys
from models.tables.community import Chat, Community

NOTHING_CHOSEN = Choice()
MINUTES_A_DAY = 24 * 60


def line_of(message: Message | None) -> str:
    """What stands behind the command, which may be a picture's caption.

    "" for a message that has nothing there, or that cannot be read any more.
    """
    text = getattr(message, "text", None) or getattr(message, "caption", None) or ""
    return "".join(text.split(maxsplit=1)[1:]) if text.startswith("/") else ""


def picture_of(message: Message | None) -> str | None:
    """The file id of the photo over the line, in its largest size; None without one."""
    sizes = getattr(message, "photo", None)
    return sizes[-1].file_id if sizes else None


class IsEventCaption(filters.MessageFilter):
    """Passes a picture, or another file, whose caption is /event: what python-telegram-bot takes for no command."""

    def filter(self, message: Message) -> bool:
        """True for our /event, whether our name stands behind it or none."""
        if not any(one.type == "bot_command" and one.offset == 0 for one in message.caption_entities):
            return False
        name, _, of = (message.caption or "").split(maxsplit=1)[0].lower().partition("@")
        return name == "/event" and of in ("", (message.get_bot().username or "").lower())


async def plan(scene: Scene, message: Message, community: Community, chat: Chat) -> None:
    """Answer a line with its preview, or with the question about it; what it supersedes goes."""
    if message.document and (message.document.mime_type or "").startswith("image/"):
        await scene.tell("events.send_as_photo")
    host_id = scene.member.id if scene.member else None
    picture = picture_of(message)
    result = await plan_line(scene, line_of(message), community, chat, host_id=host_id, picture=picture)
    # The answer to a question is read together with the line that it replies to.
    await event_drafts.say(scene, result, line_id=message.message_id)


async def correct(scene: Scene, message: Message) -> bool:
    """A line was edited that still has its preview or question: it is read anew. False when there is nothing to correct."""
    place = await event_places.where(scene) if line_of(message) else None
    if place is None or not await event_drafts.is_open(scene, message.message_id):
        return False
    community, chat, is_admin = place
    if not rights.may_create(community, is_admin=is_admin):
        return False
    await plan(scene, message, community, chat)
    return True


async def plan_line(
    scene: Scene,
    line: str,
    community: Community,
    chat: Chat,
    choice: Choice = NOTHING_CHOSEN,
    *,
    host_id: int | None,
    own_zone: str | None = None,
    picture: str | None = None,
) -> Plan:
    """The preview of what the line says, or the question about it.

    `own_zone`: where the event is, if not where its community is. `picture`: file id of the photo that came with it.
    """
    zone = zone_of(own_zone, event_previews.zone_for(scene, community).key)
    draft = read_event_line(line, now=scene.now, zone=zone, language=community.language, choice=choice)
    if isinstance(draft, EventLineProblem):
        return Plan(messages.question(scene.voice_answering(line).on_clock(zone.key), draft, now=scene.now))
    asks_zone = await event_previews.asks_zone(scene, community)
    return await event_previews.propose(
        scene,
        draft,
        community,
        host_id=host_id,
        chat_id=chat.id,
        zone=zone.key,
        asks_zone=asks_zone,
        picture=picture,
    )


async def answer_question(update: Update, context: BotContext) -> None:
    """Whoever wrote the line pressed what they meant: the line is read again with it, and the question becomes the preview."""
    try:
        choice = _choice(_button_of(update))
    except ButtonIsForeign:
        async with context.scene(update) as scene:
            scene.alert("errors.foreign_button")
        return
    question = getattr(update.effective_message, "reply_to_message", None)
    async with context.scene(update) as scene:
        line, place = line_of(question), await event_places.where(scene)
        if not line or place is None or question is None:
            scene.alert("events.line_gone")
        elif not await _is_author(scene, update, question) or not rights.may_create(place[0], is_admin=place[2]):
            scene.alert("events.not_yours")
        else:
            community, chat, _ = place
            # What an admin wrote as the group itself names nobody, whoever of them presses.
            host_id = None if question.sender_chat is not None else scene.actor.id
            picture = picture_of(question)
            result = await plan_line(scene, line, community, chat, choice, host_id=host_id, picture=picture)
            scene.answer()
            await event_drafts.redraw(scene, result, author_id=host_id)


async def _is_author(scene: Scene, update: Update, question: Message) -> bool:
    """The person who wrote the line; for an admin who wrote it as the group itself, any admin."""
    if question.sender_chat is not None:
        return await scene.is_admin()
    presser = update.effective_user
    return presser is not None and question.from_user is not None and question.from_user.id == presser.id


def _button_of(update: Update) -> EventLineButton | EventHourButton:
    data = update.callback_query.data if update.callback_query else None
    is_hour = data is not None and EventHourButton.pattern().match(data)
    return EventHourButton.unpack(data) if is_hour else EventLineButton.unpack(data)


def _choice(button: EventLineButton | EventHourButton) -> Choice:
    """What the button says. Raises ButtonIsForeign for a day, hour, zone or rhythm that there is not."""
    is_rhythm = button.rhythm in ("", "once") or rhythm_of(button.rhythm) is not None
    minute = button.minute if isinstance(button, EventHourButton) else None
    is_hour = minute is None or 0 <= minute < MINUTES_A_DAY
    if not is_rhythm or not is_hour or (button.zone and button.zone not in keys().values()):
        raise ButtonIsForeign(button.name)
    return Choice(_day(button.day), button.zone or None, button.rhythm or None, minute)


def _day(digits: int) -> date | None:
    if digits == 0:
        return None
    try:
        return datetime.strptime(str(digits), "%Y%m%d").date()  # noqa: DTZ007 - a day of the calendar, not an instant
    except ValueError:
        raise ButtonIsForeign(EventLineButton.name) from None
