"""The answers to "did you meet?", and a sentence about it for nobody else."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import HelpedButton, OutcomeButton
from bot.messages import follow_ups as messages
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.introductions import follow_ups
from models.domain.introductions.introductions import NotASide
from models.domain.members import dialogues
from models.tables.introduction import Outcome
from models.tables.member import Dialogue, DialogueAction


async def answer(update: Update, context: BotContext) -> None:
    """Somebody says what came of an introduction; who met is asked for a sentence, which may be left out."""
    button = OutcomeButton.of(update)
    async with context.scene(update) as scene:
        try:
            is_asked_again = await follow_ups.note(
                scene.session, button.introduction_id, scene.actor.id, button.outcome, now=scene.now
            )
        except NotASide:
            scene.alert("introductions.over")
            return
        scene.answer()
        said = messages.answer(
            scene.voice, button.outcome, introduction_id=button.introduction_id, is_asked_again=is_asked_again
        )
        await scene.redraw(said)
        if button.outcome == Outcome.MET:
            what = DialogueAction.INTRODUCTION, messages.STEP
            target = button.introduction_id
            await dialogues.ask(scene.session, scene.actor.id, *what, now=scene.now, target_id=target)


async def note_help(update: Update, context: BotContext) -> None:
    """Somebody who met says that it helped."""
    button = HelpedButton.of(update)
    async with context.scene(update) as scene:
        try:
            await follow_ups.note_help(scene.session, button.introduction_id, scene.actor.id, now=scene.now)
        except NotASide:
            scene.alert("introductions.over")
            return
        scene.answer()
        await scene.redraw(messages.answer_help(scene.voice))


async def go_on(scene: Scene, dialogue: Dialogue, text: str | None) -> None:
    """The sentence, or none."""
    await dialogues.stop(scene.session, scene.actor.id)
    if text and dialogue.target_id is not None:
        try:
            await follow_ups.say(scene.session, dialogue.target_id, scene.actor.id, text)
        except NotASide:
            return
    await scene.tell("introductions.thanks")
