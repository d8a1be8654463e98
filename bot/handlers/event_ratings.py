"""Stars, a sentence, and whom one met: from those who were there."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from bot.callbacks import MetButton, RatingButton, WhomButton
from bot.messages import event_ratings as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import ratings
from models.domain.events.ratings import NotAnAttendee
from models.domain.introductions import meetings, people_to_meet
from models.domain.members import dialogues
from models.tables.event import Event
from models.tables.member import Dialogue, DialogueAction, Member

# What is written later is hardly meant for the host.
ANSWERED_WITHIN = timedelta(hours=12)


async def rate(update: Update, context: BotContext) -> None:
    """Somebody pressed stars."""
    button = RatingButton.of(update)
    async with context.scene(update) as scene:
        try:
            await ratings.rate(scene.session, button.event_id, scene.actor.id, button.stars, now=scene.now)
        except NotAnAttendee:
            _refuse(scene)
            return
        event = await scene.session.get_one(Event, button.event_id)
        scene.toast("event_ratings.kept")
        await dialogues.ask(
            scene.session,
            scene.actor.id,
            DialogueAction.RATE_EVENT,
            "sentence",
            now=scene.now,
            community_id=event.community_id,
            target_id=event.id,
        )
        others = await _others(scene, event)
        thanks = messages.thanks(scene.voice, event, button.stars, can_name=bool(others))
        await scene.redraw(thanks)


async def go_on(scene: Scene, dialogue: Dialogue, text: str | None) -> None:
    """The sentence, or none."""
    await dialogues.stop(scene.session, scene.actor.id)
    if scene.now - dialogue.asked_at > ANSWERED_WITHIN:
        await scene.tell("errors.unknown_words")
        return
    if text and dialogue.target_id is not None:
        try:
            await ratings.say(scene.session, dialogue.target_id, scene.actor.id, text)
        except NotAnAttendee:
            return
    await scene.tell("event_ratings.said" if text else "event_ratings.kept")


async def meet(update: Update, context: BotContext) -> None:
    """Whom did you meet? Member 0 opens the list."""
    button = MetButton.of(update)
    await _meet(update, context, button.event_id, button.member_id, 0)


async def turn_page(update: Update, context: BotContext) -> None:
    """The same on any page of the list."""
    button = WhomButton.of(update)
    await _meet(update, context, button.event_id, button.member_id, max(button.page, 0))


async def _meet(update: Update, context: BotContext, event_id: int, member_id: int, page: int) -> None:
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, event_id)
        try:
            if event is None:
                raise NotAnAttendee
            if member_id:
                await meetings.turn_met(scene.session, event.id, scene.actor.id, member_id, now=scene.now)
        except NotAnAttendee:
            _refuse(scene)
            return
        scene.answer()
        await scene.redraw(await _people(scene, event, page))


async def _people(scene: Scene, event: Event, page: int) -> Outgoing:
    """Whom we had suggested comes first: that is what we would like to know most."""
    others = await _others(scene, event)
    met_ids = await meetings.people_met(scene.session, event.id, scene.actor.id)
    suggested_ids = await people_to_meet.suggested_to(scene.session, event.id, scene.actor.id)
    others.sort(key=lambda one: (one.id not in suggested_ids, one.id))
    voice = scene.voice
    return messages.people(voice, event, others, met_ids, suggested_ids=suggested_ids, page=page)


async def _others(scene: Scene, event: Event) -> list[Member]:
    there = await ratings.attendees(scene.session, event.id)
    if not event.shows_names or scene.actor.id not in {member.id for member in there}:
        return []
    return [member for member in there if member.id != scene.actor.id]


def _refuse(scene: Scene) -> None:
    scene.alert("event_ratings.not_there")
