"""Staying in touch after an event: picking people, agreeing to be introduced, answering the nameless question."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import AgreeButton, AskedButton, PickButton
from bot.messages import introductions as messages
from bot.messages.outgoing import Outgoing
from bot.notices import introduction_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events.ratings import NotAnAttendee
from models.domain.introductions import meetings, staying_in_touch
from models.domain.introductions.staying_in_touch import NeedsConsent, PickResult, TooLate
from models.domain.members import consent
from models.tables.consent import Purpose, Way
from models.tables.event import Event
from models.tables.member import Member

MET, MISSED, EVERYBODY = range(len(messages.LISTS))


async def pick(update: Update, context: BotContext) -> None:
    """A member opens a list, turns its page, picks somebody or takes it back."""
    button = PickButton.of(update)
    which = button.which if button.which in (MET, MISSED, EVERYBODY) else EVERYBODY
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        try:
            if button.member_id:
                ids = button.event_id, scene.actor.id, button.member_id
                result = await staying_in_touch.turn_pick(scene.session, *ids, now=scene.now)
                await _say_picked(scene, button.member_id, result)
            else:
                scene.answer()
            await _show(scene, event, which=which, page=max(button.page, 0))
        except NotAnAttendee as refused:
            _refuse(scene, refused)
        except NeedsConsent:
            await _ask_consent(scene, event, which)


async def agree(update: Update, context: BotContext) -> None:
    """A member says yes to introductions where one was needed, and goes on."""
    button = AgreeButton.of(update)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        try:
            if event is None:
                raise NotAnAttendee
            await consent.decide(
                scene.session,
                member_id=scene.actor.id,
                community_id=event.community_id,
                purposes=[Purpose.INTRODUCE],
                is_given=True,
                now=scene.now,
                way=Way.BUTTON,
            )
            which = button.which if button.which in (MET, MISSED, EVERYBODY) else EVERYBODY
            await _show(scene, event, which=which, page=0)
            scene.toast("privacy.saved")
        except (NotAnAttendee, consent.NotAMember) as refused:
            _refuse(scene, refused)


async def answer_question(update: Update, context: BotContext) -> None:
    """A member answers the nameless question: yes opens their own list, no changes nothing for anybody."""
    button = AskedButton.of(update)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        try:
            # Both answers are for those who could have been asked; whether they were is not looked at.
            await staying_in_touch.may_pick(scene.session, event, scene.actor.id, now=scene.now)
            if button.is_yes:
                scene.answer()
                await _show(scene, event, which=EVERYBODY, page=0)
            else:
                scene.toast("introductions.declined")
                await scene.redraw(Outgoing(scene.say("introductions.declined")))
        except NotAnAttendee as refused:
            _refuse(scene, refused)
        except NeedsConsent:
            await _ask_consent(scene, event, EVERYBODY)


def _refuse(scene: Scene, error: ValueError) -> None:
    """Forged, or of an event that is too long ago."""
    key = "introductions.too_late" if isinstance(error, TooLate) else "event_ratings.not_there"
    scene.alert(key)


async def _say_picked(scene: Scene, other_id: int, result: PickResult) -> None:
    other = await scene.session.get_one(Member, other_id)
    scene.toast(f"introductions.{result.outcome}", name=other.name)
    if result.introduction_id is not None:
        await introduction_posts.introduce(scene.services, scene.session, result.introduction_id, now=scene.now)


async def _show(scene: Scene, event: Event | None, *, which: int, page: int) -> None:
    others = await staying_in_touch.pick_list(scene.session, event, scene.actor.id, now=scene.now)
    if event is None:
        raise NotAnAttendee
    met_ids = await meetings.people_met(scene.session, event.id, scene.actor.id)
    picks = await staying_in_touch.picks(scene.session, event, scene.actor.id, now=scene.now)
    members = [one for one in others if which == EVERYBODY or (one.id in met_ids) == (which == MET)]
    voice = scene.voice
    await scene.redraw(messages.people(voice, event, members, picks, which=which, page=page))


async def _ask_consent(scene: Scene, event: Event | None, which: int) -> None:
    scene.answer()
    if event is not None:
        await scene.redraw(messages.needs_consent(scene.voice, event, which=which))
