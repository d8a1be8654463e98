"""Answers to questions asked in private: each feature that asks adds its line to GO_ON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import Message, Update

from bot.callbacks import SkipButton
from bot.handlers import (
    event_dialogues,
    event_management,
    event_ratings,
    event_tools,
    follow_ups,
    host_words,
    listing_management,
    pair_rules,
    profiles,
)
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.members import dialogues
from models.reading.positions import Position, Spot, name_of_venue
from models.tables.member import Dialogue, DialogueAction

# The one question that a photo answers.
PICTURE = "picture"

# Who takes a point on the map too, or asks again what is wanted instead.
LOCATE: dict[DialogueAction, Callable[[Scene, Dialogue, str | Spot | None], Awaitable[None]]] = {
    DialogueAction.NEW_EVENT: event_dialogues.go_on,
    DialogueAction.EDIT_EVENT: event_management.go_on,
}
# Who takes the answer (None: skipped), by the dialogue's action.
GO_ON: dict[DialogueAction, Callable[[Scene, Dialogue, str | None], Awaitable[None]]] = {
    DialogueAction.NEW_EVENT: event_dialogues.go_on,
    DialogueAction.EDIT_EVENT: event_management.go_on,
    DialogueAction.RATE_EVENT: event_ratings.go_on,
    DialogueAction.EVENT_TOOL: event_tools.go_on,
    DialogueAction.HOST_WORDS: host_words.go_on,
    DialogueAction.EDIT_LISTING: listing_management.go_on,
    DialogueAction.INTRODUCTION: follow_ups.go_on,
    DialogueAction.PAIR: pair_rules.go_on,
    DialogueAction.PROFILE: profiles.go_on,
}


async def hear(update: Update, context: BotContext) -> None:
    """Words in private that are no command: the answer to the open question, else a short hint."""
    text = update.effective_message.text if update.effective_message else None
    async with context.scene(update) as scene:
        dialogue = await dialogues.open_question(scene.session, scene.actor.id, now=scene.now)
        if dialogue is None or dialogue.action not in GO_ON:
            await scene.tell("errors.unknown_words")
        elif dialogue.step == PICTURE:
            await scene.tell("events.ask.picture")
        else:
            await GO_ON[dialogue.action](scene, dialogue, text or "")


async def see(update: Update, context: BotContext) -> None:
    """A photo in private: the answer where one was asked for; its id is what is kept.

    A picture sent as a file cannot serve: Telegram takes no document's id for a photo.
    """
    message = update.effective_message
    async with context.scene(update) as scene:
        dialogue = await dialogues.open_question(scene.session, scene.actor.id, now=scene.now)
        if dialogue is None or dialogue.step != PICTURE or dialogue.action not in GO_ON:
            await scene.tell("errors.unknown_words")
        elif message and message.photo:
            await GO_ON[dialogue.action](scene, dialogue, message.photo[-1].file_id)
        else:
            await scene.tell("events.send_as_photo")


async def locate(update: Update, context: BotContext) -> None:
    """A venue or a location in private, a live one as it is now: the answer to "where?" in an open dialogue."""
    spot = _spot(update.effective_message)
    async with context.scene(update) as scene:
        dialogue = await dialogues.open_question(scene.session, scene.actor.id, now=scene.now)
        if dialogue is not None and dialogue.action in LOCATE:
            await LOCATE[dialogue.action](scene, dialogue, spot or "")
        else:
            await scene.tell("errors.unknown_words")


def _spot(message: Message | None) -> Spot | None:
    """What was sent from the map; None for a point that no map has."""
    venue = message.venue if message else None
    point = venue.location if venue else message.location if message else None
    try:
        position = Position(point.latitude, point.longitude) if point else None
    except ValueError:
        return None
    return Spot(position, name_of_venue(venue.title, venue.address) if venue else None) if position else None


async def skip(update: Update, context: BotContext) -> None:
    """A question is left out; the button under an older one does nothing."""
    button = SkipButton.of(update)
    async with context.scene(update) as scene:
        dialogue = await dialogues.open_question(scene.session, scene.actor.id, now=scene.now)
        scene.answer()
        if dialogue is not None and dialogue.step == button.step and dialogue.action in GO_ON:
            await GO_ON[dialogue.action](scene, dialogue, None)


async def cancel(update: Update, context: BotContext) -> None:
    """/cancel gives up the open question."""
    async with context.scene(update) as scene:
        was_open = await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("events.stopped" if was_open else "events.nothing_to_stop")
