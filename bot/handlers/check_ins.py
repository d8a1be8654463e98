"""Who was there: the door's code and QR, members' tickets, and the host's list."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import CheckInButton
from bot.messages import check_ins as messages
from bot.notices import guest_lists
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import check_ins, events, open_lists, seats
from models.domain.members.deep_links import FollowedLink
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.member import LinkAction, Member


async def show_list(scene: Scene, event: Event) -> None:
    """The host opens the list."""
    scene.answer()
    await _show(scene, event, 0)


async def _show(scene: Scene, event: Event, page: int) -> None:
    rows = await check_ins.guest_list(scene.session, event.id)
    code = await check_ins.code_of(scene.session, event.id)
    screen = messages.guest_list(scene.voice, event, rows, code=code, page=page)
    await scene.redraw(screen, about=open_lists.about(event.id, page))


async def tick(update: Update, context: BotContext) -> None:
    """A name on the list: there, or not after all; or another page."""
    button = CheckInButton.of(update)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        if event is None or not await events.may_manage(scene.session, event, scene.actor.id):
            scene.alert("events.not_yours")
            return
        scene.answer()
        if button.member_id:
            await _turn(scene, event, button.member_id)
        await _show(scene, event, max(button.page, 0))


async def _turn(scene: Scene, event: Event, member_id: int) -> None:
    await _change(scene, event, member_id)
    await guest_lists.refresh(scene.services, scene.session, event, now=scene.now)


async def _change(scene: Scene, event: Event, member_id: int) -> None:
    rows_of = {row.member_id: row for row in await check_ins.guest_list(scene.session, event.id)}
    row = rows_of.get(member_id)
    if row is None:
        return
    if row.checked_in_at is not None:
        await check_ins.undo(scene.session, event.id, member_id, now=scene.now)
        return
    result = await check_ins.check_in(scene.session, event.id, member_id, now=scene.now, is_by_host=True)
    if result.outcome != "in":
        message = messages.outcome(scene.voice, event, result, name=row.name)
        scene.answer(str(message.text), is_alert=True)


async def door_qr(scene: Scene, event: Event) -> None:
    """The code to hang up at the door: whoever scans it is there."""
    scene.answer()
    if scene.is_private:
        caption = scene.say("check_ins.door_caption", title=event.title)
        await _send_code(scene, event, LinkAction.CHECK_IN, event.id, caption)


async def ticket(scene: Scene, event: Event) -> None:
    """A member's own code, to be scanned by the host."""
    own = await events.own_answers(scene.session, scene.actor.id, [event.id])
    if not scene.is_private or event.id not in own or own[event.id].status != RsvpStatus.GOING:
        scene.alert("check_ins.no_ticket")
        return
    scene.answer()
    caption = scene.say("check_ins.ticket_caption", title=event.title, name=scene.actor.name)
    await _send_code(scene, event, LinkAction.TICKET, own[event.id].id, caption)


async def _send_code(scene: Scene, event: Event, action: LinkAction, target_id: int, caption: str) -> None:
    link = await scene.link(action, community_id=event.community_id, target_id=target_id)
    await scene.send_privately("sendPhoto", messages.picture(link, caption), community_id=event.community_id)


async def resume_check_in(scene: Scene, link: FollowedLink) -> None:
    """The door's QR was scanned."""
    event = await scene.session.get(Event, link.target_id)
    if event is None:
        await scene.tell("events.gone")
        return
    await _check_in_self(scene, event)


async def _check_in_self(scene: Scene, event: Event) -> None:
    result = await check_ins.check_in(scene.session, event.id, scene.actor.id, now=scene.now)
    await guest_lists.refresh(scene.services, scene.session, event, now=scene.now)
    await scene.reply(messages.outcome(scene.voice, event, result))


async def resume_ticket(scene: Scene, link: FollowedLink) -> None:
    """A ticket was scanned: hosts of its event let the member in, for others it is only a ticket."""
    rsvp = await scene.session.get(Rsvp, link.target_id)
    event = await scene.session.get(Event, rsvp.event_id) if rsvp else None
    member = await scene.session.get(Member, rsvp.member_id) if rsvp else None
    if rsvp is None or event is None or member is None:
        await scene.tell("check_ins.wrong")
    elif not await events.may_manage(scene.session, event, scene.actor.id):
        await scene.tell("check_ins.foreign", title=event.title)
    elif rsvp.status != RsvpStatus.GOING or seats.is_over(event, scene.now):
        await scene.tell("check_ins.not_valid", title=event.title, name=member.name)
    else:
        result = await check_ins.check_in(scene.session, event.id, member.id, now=scene.now, is_by_host=True)
        await guest_lists.refresh(scene.services, scene.session, event, now=scene.now)
        await scene.reply(messages.outcome(scene.voice, event, result, name=member.name))


async def by_code(update: Update, context: BotContext) -> None:
    """/checkin CODE in private."""
    code = " ".join(context.args or ())
    async with context.scene(update) as scene:
        if not code:
            await scene.tell("check_ins.ask_code")
            return
        event = await check_ins.event_with_code(scene.session, scene.actor.id, code, now=scene.now)
        if event is None:
            await scene.tell("check_ins.wrong_code")
        else:
            await _check_in_self(scene, event)
