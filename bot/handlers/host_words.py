"""A word to those who come: shown as it will be read, sent by a press, and for a few seconds taken back by another."""

from __future__ import annotations

from functools import partial

from telegram import Update

from bot.callbacks import HostWordsButton
from bot.messages import event_notices as notices
from bot.messages import host_words as messages
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import events, host_words, seats
from models.domain.events.host_words import HELD_BACK, READERS
from models.domain.members import dialogues
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event
from models.tables.member import Dialogue, DialogueAction, Member

STEP = "send"
LONGEST = 1_000


async def show(scene: Scene, event: Event, words: str) -> None:
    """Show the words before anybody reads them; other words that follow take their place."""
    readers = await _readers(scene, event)
    if seats.is_over(event, scene.now) or not any(one.is_reachable for one in readers):
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("host_words.over" if seats.is_over(event, scene.now) else "host_words.nobody")
        return
    n_readers = sum(one.is_reachable for one in readers)
    delivery_id = await scene.reply(
        messages.preview(
            scene.voice.near(event.time_zone),
            event,
            host=scene.actor.name,
            words=words[:LONGEST],
            n_readers=n_readers,
            n_out_of_reach=len(readers) - n_readers,
        )
    )
    await dialogues.ask(
        scene.session,
        scene.actor.id,
        DialogueAction.HOST_WORDS,
        STEP,
        now=scene.now,
        community_id=event.community_id,
        target_id=event.id,
        answers={"words": words[:LONGEST], "shown": delivery_id.id if delivery_id else None},
    )


async def _readers(scene: Scene, event: Event) -> list[Member]:
    readers = await events.audience(scene.session, event.id, READERS)
    return [member for member in readers if member.id != scene.actor.id]


async def go_on(scene: Scene, dialogue: Dialogue, text: str | None) -> None:
    """The host wrote other words instead of sending these."""
    event = await scene.session.get(Event, dialogue.target_id)
    if event is None or not await events.may_manage(scene.session, event, scene.actor.id):
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("events.gone")
    elif words := (text or "").strip():
        before = await scene.session.get(Delivery, dialogue.answers["shown"]) if dialogue.answers["shown"] else None
        if before is not None:
            await scene.remove(before)
        await show(scene, event, words)


async def press(update: Update, context: BotContext) -> None:
    """A press under the words, or under what says that they leave in a moment."""
    button = HostWordsButton.of(update)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        if event is None or not scene.is_private or not await events.may_manage(scene.session, event, scene.actor.id):
            scene.alert("events.not_yours")
        elif button.action == "take_back":
            await _take_back(scene, event, button.number)
        elif (words := await _words(scene, event)) is None:
            scene.alert("host_words.gone")
        elif button.action == "send":
            await _send(scene, event, words)
        else:
            await dialogues.stop(scene.session, scene.actor.id)
            await scene.redraw(Outgoing(scene.say("host_words.dropped")))
            scene.answer()


async def _words(scene: Scene, event: Event) -> str | None:
    """What waits to be sent; None after it was, or when something else was asked since."""
    dialogue = await dialogues.open_question(scene.session, scene.actor.id, now=scene.now)
    if dialogue is None or (dialogue.action, dialogue.target_id) != (DialogueAction.HOST_WORDS, event.id):
        return None
    return str(dialogue.answers["words"])


async def _send(scene: Scene, event: Event, words: str) -> None:
    # Milliseconds: no two hosts of an event send within the same one.
    number = int(scene.now.timestamp() * 1000)
    notice = partial(notices.from_host, host=scene.actor.name, words=words)
    tell = partial(event_posts.tell, scene.services, scene.session, event, due_at=scene.now + HELD_BACK)
    about, until = host_words.about(event.id, number), event.over_at + HELD_BACK
    delivery_ids = [
        await tell(reader, DeliveryKind.NOTICE, notice, now=scene.now, about=about, expires_at=until)
        for reader in await _readers(scene, event)
    ]
    n_readers = sum(one is not None for one in delivery_ids)
    await dialogues.stop(scene.session, scene.actor.id)
    await scene.redraw(notices.from_host(scene.voice, event, host=scene.actor.name, words=words))
    await _say_when(scene, event, number, n_readers)
    scene.answer()


async def _say_when(scene: Scene, event: Event, number: int, n_readers: int) -> None:
    """That they leave in a moment; when it is over, that they have left."""
    seconds = int(HELD_BACK.total_seconds())
    delivery_id = await scene.reply(
        messages.held_back(scene.voice, event, number=number, n_readers=n_readers, seconds=seconds)
    )
    if delivery_id is not None:
        receipt = messages.receipt(scene.voice, n_readers=n_readers).payload()
        await scene.change(delivery_id, "editMessageText", receipt, due_at=scene.now + HELD_BACK)


async def _take_back(scene: Scene, event: Event, number: int) -> None:
    n_back, n_out = await host_words.take_back(scene.session, event.id, number, now=scene.now)
    await scene.redraw(messages.taken_back(scene.voice, n_back=n_back, n_out=n_out))
    scene.answer()
