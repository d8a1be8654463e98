"""/settings and /pause in private."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import PauseButton, SettingsButton
from bot.messages import preferences as messages
from bot.messages import times
from bot.messages.outgoing import Outgoing
from bot.messages.preferences import OwnClock
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.digests import feedback, hours
from models.domain.member_time import member_zone, zone_of
from models.domain.members import consent, preferences
from models.domain.members.preferences import NotAChoice
from models.reading.listing_ends import find_end
from models.reading.wording import reading_copy
from models.reading.zones import zone_named


async def settings(update: Update, context: BotContext) -> None:
    """A member looks at their settings, or names their time zone."""
    text = " ".join(context.args or ())
    async with context.scene(update) as scene:
        if text:
            zone_answer = zone_named(text, own=scene.actor.time_zone, language=scene.voice.language)
            if zone_answer.zone is None:
                await scene.reply(messages.no_such_zone(scene.answer_voice, text, zone_answer.zones))
                return
            scene.actor.time_zone = zone_answer.zone
        await scene.reply(await _overview(scene))


async def choose(update: Update, context: BotContext) -> None:
    """A member pressed a page or a value; only their own settings can change."""
    button = SettingsButton.of(update)
    async with context.scene(update) as scene:
        if not scene.is_private:
            scene.answer()
            return
        try:
            message = await _turn(scene, button)
        except NotAChoice:
            scene.alert("errors.foreign_button")
            return
        await scene.redraw(message)


async def _turn(scene: Scene, button: SettingsButton) -> Outgoing:
    if button.what == "left_out":
        await feedback.forget_mutes(scene.session, scene.actor.id)
    elif button.value:
        preferences.choose(scene.actor, button.what, button.value)
    elif button.what:
        if not preferences.options(button.what):
            raise NotAChoice(button.what)
        current = preferences.current(
            scene.actor, button.what, defaults=scene.services.defaults, zone=await _zone_name(scene)
        )
        scene.answer()
        is_guess = button.what == "zone" and scene.actor.time_zone is None
        return messages.page(scene.voice, button.what, "" if is_guess else current)
    if button.what:
        scene.toast("preferences.saved")
    else:
        scene.answer()
    return await _overview(scene)


async def _overview(scene: Scene) -> Outgoing:
    own_clock = await _own_clock(scene)
    zone = own_clock.zones[0]
    choices = {
        page: preferences.current(scene.actor, page, defaults=scene.services.defaults, zone=zone)
        for page in messages.PAGES
    }
    mutes = await feedback.muted_items(scene.session, {scene.actor.id}, now=scene.now)
    until = _paused_until(scene, zone)
    return messages.overview(
        scene.voice,
        choices,
        own_clock=own_clock,
        leaves_at=hours.digest_hour(scene.actor, scene.services.defaults),
        paused_until=until,
        n_left_out=len(mutes[scene.actor.id]),
        now=scene.now,
    )


async def _zone_name(scene: Scene) -> str:
    """The zone that holds for the member's own clock: theirs, else that of their first community."""
    return (await _own_clock(scene)).zones[0]


async def _own_clock(scene: Scene) -> OwnClock:
    actor, defaults = scene.actor, scene.services.defaults
    communities = await consent.communities_of(scene.session, actor.id)
    zones = [member_zone(actor, one.time_zone, defaults).key for one in communities]
    zones = zones or [member_zone(actor, None, defaults).key]
    return OwnClock(list(dict.fromkeys(zones)), is_guessed=actor.time_zone is None)


def _paused_until(scene: Scene, zone: str) -> str | None:
    until = scene.actor.paused_until
    if until is None or until <= scene.now:
        return None
    return times.day(scene.voice, until.astimezone(zone_of(zone)))


async def pause(update: Update, context: BotContext) -> None:
    """A member wants some quiet, perhaps until a day they name: "/pause until 15 April"."""
    text = " ".join(context.args or ())
    async with context.scene(update) as scene:
        zone = await _zone_name(scene)
        end = find_end(text, reading_copy(text), now=scene.now, zone=zone_of(zone)) if text else None
        if end is not None and preferences.pause_until(scene.actor, end.ends_at, now=scene.now):
            await scene.reply(messages.pause(scene.voice, until=_paused_until(scene, zone)))
            return
        unread = text if text else None
        await scene.reply(messages.ask_how_long(scene.voice, paused_until=_paused_until(scene, zone), unread=unread))


async def choose_pause(update: Update, context: BotContext) -> None:
    """A member pressed how long."""
    button = PauseButton.of(update)
    async with context.scene(update) as scene:
        if not scene.is_private:
            scene.answer()
            return
        try:
            preferences.pause(scene.actor, button.how_long, now=scene.now)
        except NotAChoice:
            scene.alert("errors.foreign_button")
            return
        scene.toast("preferences.saved")
        until = _paused_until(scene, await _zone_name(scene))
        await scene.redraw(messages.pause(scene.voice, until=until))
