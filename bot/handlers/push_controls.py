"""/why, and the buttons under everything that is pushed: why, pause, stop, more, less, not this person."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from bot.callbacks import ControlButton
from bot.messages import controls, people_to_meet, times
from bot.messages import digests as messages
from bot.messages.outgoing import Button, Outgoing
from bot.scene.context import BotContext, Scene
from models.domain.digests import feedback
from models.domain.digests.feedback import Shown
from models.domain.members import consent
from models.domain.sending import deliveries, receipts
from models.domain.sending.policies import policy_of
from models.tables.delivery import Delivery
from models.tables.recommendation import Recommendation

PAUSE = timedelta(days=14)
# Where the reasons of a kind of push are worded.
SECTIONS = {"invite": "invitations", "people_to_meet": "people_to_meet", "proposal": "introductions"}
# Kinds whose buttons stay as they are, whatever is pressed.
KEEP_BUTTONS = ("invite", "proposal")
FEEDBACK: dict[str, feedback.Action] = {"like": "like", "less": "less", "not_person": "not_person"}


async def why(update: Update, context: BotContext) -> None:
    """A member asks why they got what they got last."""
    async with context.scene(update) as scene:
        shown = await feedback.last_shown(scene.session, scene.actor.id)
        if shown:
            await _tell_why(scene, shown)
        else:
            await scene.reply(Outgoing(scene.say("digests.none_yet")))


async def _tell_why(scene: Scene, shown: list[Shown]) -> None:
    row = shown[0].row
    sent = await scene.session.get(Delivery, row.delivery_id) if row.delivery_id else None
    section = SECTIONS.get(sent.kind, "digests") if sent is not None else "digests"
    until = await feedback.learned_until(scene.session, row)
    await scene.reply(messages.why(scene.voice, shown, learned_until=until, section=section))


async def control(update: Update, context: BotContext) -> None:
    """A member pressed a button under something that was pushed to them."""
    button = ControlButton.unpack(update.callback_query.data if update.callback_query else None)
    async with context.scene(update) as scene:
        about = await feedback.of_member(scene.session, button.recommendation_id, scene.actor.id)
        if about is None:
            scene.answer(scene.voice.plain("controls.not_yours"), is_alert=True)
            return
        message_id = update.effective_message.message_id if update.effective_message else 0
        shown = await receipts.sent_as(scene.session, message_id, member_id=scene.actor.id)
        await _steer(scene, button.action, about, shown)


async def _steer(scene: Scene, action: str, about: Recommendation, shown: Delivery | None) -> None:
    match action:
        case "open" | "back":
            scene.answer()
            await _redraw(scene, about, shown, is_open=action == "open")
        case "why" | "why_one":
            scene.answer()
            together = await feedback.shown_with(scene.session, about)
            await _tell_why(scene, [one for one in together if action == "why" or one.row.id == about.id])
        case "pause":
            scene.actor.paused_until = scene.now + PAUSE
            scene.answer(_said_paused(scene))
        case "stop":
            await _stop(scene, about, shown)
        case "like" | "less" | "not_person":
            await _note(scene, FEEDBACK[action], about, shown)
        case _:
            scene.answer(scene.voice.plain("errors.foreign_button"), is_alert=True)


def _said_paused(scene: Scene) -> str:
    voice, until = scene.voice, scene.actor.paused_until or scene.now
    return voice.plain("controls.paused", day=times.day(voice, until.astimezone(voice.zone)))


async def _stop(scene: Scene, about: Recommendation, shown: Delivery | None) -> None:
    """Take back the consent this kind of push needs; what was asked for counts as a digest."""
    purpose = (policy_of(shown.kind).purpose if shown else None) or "digest"
    await consent.decide(
        scene.session,
        member_id=scene.actor.id,
        community_id=about.community_id,
        purposes=[purpose],
        is_given=False,
        now=scene.now,
        way="button",
    )
    scene.answer(scene.voice.plain(f"controls.stopped.{purpose}"))


async def _note(scene: Scene, action: feedback.Action, about: Recommendation, shown: Delivery | None) -> None:
    noted = await feedback.note(scene.session, about, action, now=scene.now)
    voice = scene.voice
    if action == "like":
        said = voice.plain("controls.liked")
    elif action == "not_person":
        key = "controls.person_muted" if noted.person else "controls.person_unknown"
        said = voice.plain(key, name=noted.person or "")
    elif noted.words:
        said = voice.plain("controls.lessened_words", words=", ".join(noted.words))
    else:
        said = voice.plain("controls.lessened")
    scene.answer(said)
    await _redraw(scene, about, shown, is_open=False)


async def _redraw(scene: Scene, about: Recommendation, shown: Delivery | None, *, is_open: bool) -> None:
    """The same message with other buttons: numbers, names, or what can be said about one item."""
    if shown is None or shown.id != about.delivery_id or shown.kind in KEEP_BUTTONS:
        return
    together = await feedback.shown_with(scene.session, about)
    voice = scene.voice
    mine = next(one for one in together if one.row.id == about.id)
    rows: list[list[Button]]
    if shown.kind == "people_to_meet":
        rows = people_to_meet.buttons_again(voice, together)
    elif is_open:
        rows = controls.menu(voice, about.id, number=mine.number, author=mine.author)
    else:
        rows = controls.numbers(voice, [(one.row.id, one.row.action) for one in together])
    keyboard = {"inline_keyboard": [[button.as_json() for button in row] for row in rows]}
    await deliveries.queue(
        scene.session,
        "answer",
        now=scene.now,
        method="editMessageReplyMarkup",
        payload={"reply_markup": keyboard},
        edits_id=shown.id,
    )
