"""/why, and the buttons under everything that is pushed: why, pause, stop, more, less, not this person."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from bot.callbacks import Control, ControlButton
from bot.messages import controls, people_to_meet, times
from bot.messages import digests as messages
from bot.messages.outgoing import Button
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.digests import feedback
from models.domain.digests.feedback import ShownItem
from models.domain.members import consent
from models.domain.sending.policies import policy_of
from models.tables.consent import Purpose, Way
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.recommendation import Recommendation, Response

PAUSE = timedelta(days=14)
# The section of the texts that words the reasons of a push, by its kind.
SECTIONS = {
    DeliveryKind.DIGEST: "digests",
    DeliveryKind.INVITE: "invitations",
    DeliveryKind.PEOPLE_TO_MEET: "people_to_meet",
    DeliveryKind.PROPOSAL: "introductions",
    DeliveryKind.LISTING_HINT: "listings",
    DeliveryKind.QUESTION: "digests",
    DeliveryKind.WELCOME: "welcomes",
}
# Kinds whose buttons stay as they are, whatever is pressed.
KEEP_BUTTONS = (
    DeliveryKind.INVITE,
    DeliveryKind.PROPOSAL,
    DeliveryKind.LISTING_HINT,
    DeliveryKind.QUESTION,
    DeliveryKind.WELCOME,
)
FEEDBACK: dict[Control, feedback.Action] = {
    Control.LIKE: Response.LIKE,
    Control.LESS: Response.LESS,
    Control.NOT_PERSON: Response.NOT_PERSON,
}


async def why(update: Update, context: BotContext) -> None:
    """A member asks why they got what they got last."""
    async with context.scene(update) as scene:
        items = await feedback.last_shown(scene.session, scene.actor.id)
        if items:
            await _tell_why(scene, items)
        else:
            await scene.tell("digests.none_yet")


async def _tell_why(scene: Scene, items: list[ShownItem]) -> None:
    row = items[0].row
    delivery = await scene.session.get(Delivery, row.delivery_id) if row.delivery_id else None
    section = SECTIONS.get(delivery.kind, "digests") if delivery is not None else "digests"
    until = await feedback.learned_until(scene.session, row)
    await scene.reply(messages.why(scene.own_voice, items, now=scene.now, learned_until=until, section=section))


async def control(update: Update, context: BotContext) -> None:
    """A member pressed a button under something that was pushed to them."""
    button = ControlButton.of(update)
    async with context.scene(update) as scene:
        about = await feedback.of_member(scene.session, button.recommendation_id, scene.actor.id)
        if about is None:
            scene.alert("controls.not_yours")
            return
        await _steer(scene, button.action, about, await scene.pressed_delivery())


async def _steer(scene: Scene, action: Control, about: Recommendation, delivery: Delivery | None) -> None:
    match action:
        case Control.OPEN | Control.BACK:
            scene.answer()
            await _redraw(scene, about, delivery, is_open=action == Control.OPEN)
        case Control.WHY | Control.WHY_ONE:
            scene.answer()
            together = await feedback.shown_with(scene.session, about)
            await _tell_why(scene, [one for one in together if action == Control.WHY or one.row.id == about.id])
        case Control.PAUSE:
            until = scene.actor.paused_until = scene.now + PAUSE
            voice = scene.own_voice
            scene.toast("controls.paused", day=times.day(voice, until.astimezone(voice.zone)))
        case Control.STOP:
            await _stop(scene, about, delivery)
        case Control.LIKE | Control.LESS | Control.NOT_PERSON:
            await _note(scene, FEEDBACK[action], about, delivery)


async def _stop(scene: Scene, about: Recommendation, delivery: Delivery | None) -> None:
    """Take back the consent this kind of push needs; what was asked for counts as a digest."""
    purpose = (policy_of(delivery.kind).purpose if delivery else None) or Purpose.DIGEST
    await consent.decide(
        scene.session,
        member_id=scene.actor.id,
        community_id=about.community_id,
        purposes=[purpose],
        is_given=False,
        now=scene.now,
        way=Way.BUTTON,
    )
    scene.toast(f"controls.stopped.{purpose}")


async def _note(scene: Scene, action: feedback.Action, about: Recommendation, delivery: Delivery | None) -> None:
    result = await feedback.note(scene.session, about, action, now=scene.now)
    if action == Response.LIKE:
        scene.toast("controls.liked")
    elif action == Response.NOT_PERSON and result.person:
        scene.toast("controls.person_muted", name=result.person)
    elif action == Response.NOT_PERSON:
        scene.toast("controls.person_unknown")
    elif result.words:
        scene.toast("controls.lessened_words", words=scene.own_voice.together(result.words))
    else:
        scene.toast("controls.lessened")
    await _redraw(scene, about, delivery, is_open=False)


async def _redraw(scene: Scene, about: Recommendation, delivery: Delivery | None, *, is_open: bool) -> None:
    """The same message with other buttons: numbers, names, or what can be said about one item."""
    if delivery is None or delivery.id != about.delivery_id or delivery.kind in KEEP_BUTTONS:
        return
    together = await feedback.shown_with(scene.session, about)
    voice = scene.voice
    rows: list[list[Button]]
    if delivery.kind == DeliveryKind.PEOPLE_TO_MEET:
        rows = people_to_meet.buttons_again(voice, together)
    elif is_open:
        item = next(one for one in together if one.row.id == about.id)
        rows = controls.menu(voice, about.id, number=item.number, author=item.author)
    else:
        rows = controls.numbers(voice, [(one.row.id, one.row.action) for one in together])
    keyboard = {"inline_keyboard": [[button.as_json() for button in row] for row in rows]}
    await scene.change(delivery, "editMessageReplyMarkup", {"reply_markup": keyboard})
