"""/event and /events in the group and in private, and the presses that are no answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Update

from bot.callbacks import CreatorsButton, EventButton
from bot.handlers import (
    calendars,
    check_ins,
    event_dialogues,
    event_drafts,
    event_lines,
    event_management,
    event_places,
    event_tools,
    invitations,
    rsvps,
)
from bot.messages import events as messages
from bot.messages.event_management import FIELDS
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import events, visibility
from models.domain.members import rights
from models.domain.members.deep_links import FollowedLink
from models.tables.community import Chat, Community
from models.tables.event import Event
from models.tables.member import LinkAction

Step = Callable[[Scene, Event], Awaitable[None]]


async def create(update: Update, context: BotContext) -> None:
    """/event with a line plans an event; alone it explains how, or asks in private."""
    message = update.effective_message
    async with context.scene(update) as scene:
        place = await event_places.where(scene)
        if place is None:
            await scene.tell("errors.no_community")
            return
        community, chat, is_admin = place
        if not rights.may_create(community, is_admin=is_admin):
            await scene.tell("events.only_creators")
        elif message is not None and event_lines.line_of(message):
            await event_lines.plan(scene, message, community, chat)
        elif scene.is_private:
            await event_dialogues.begin(scene, community, chat)
        else:
            await scene.reply(await _explain(scene, community, chat, is_admin=is_admin))


async def _explain(scene: Scene, community: Community, chat: Chat, *, is_admin: bool) -> Outgoing:
    link = await scene.link(LinkAction.NEW_EVENT, community_id=community.id, target_id=chat.id)
    return messages.explain(
        scene.answer_voice,
        link=link,
        community_id=community.id,
        creators=rights.creators(community),
        is_admin=is_admin,
    )


async def choose_creators(update: Update, context: BotContext) -> None:
    """An admin pressed who may plan events; others are told so."""
    button = CreatorsButton.of(update)
    async with context.scene(update) as scene:
        community = scene.community
        is_admin = await scene.is_admin()
        if community is None or community.id != button.community_id or not is_admin:
            scene.alert("errors.admins_only")
            return
        rights.choose_creators(community, button.who)
        scene.toast("events.saved")
        if scene.chat is not None:
            await scene.redraw(await _explain(scene, community, scene.chat, is_admin=True), for_all=True)


async def press(update: Update, context: BotContext) -> None:
    """A press on anything but an answer; whoever may not is told so."""
    button = EventButton.of(update)
    async with context.scene(update) as scene:
        event = await scene.session.get(Event, button.event_id)
        for_all, for_hosts = _FOR_ALL.get(button.action), _FOR_HOSTS.get(button.action)
        if event is None or (for_all or for_hosts) is None:
            scene.alert("events.gone")
        elif for_all is not None:
            await for_all(scene, event)
        elif for_hosts is not None and await events.may_manage(scene.session, event, scene.actor.id):
            await for_hosts(scene, event)
        else:
            scene.alert("events.not_yours")


async def _open(scene: Scene, event: Event) -> None:
    """Reminders and calendars need the private chat: the answer opens it."""
    if await _is_hidden(scene, event):
        scene.alert("events.gone")
    else:
        scene.answer(url=await rsvps.link_to_event(scene, event))


async def _show(scene: Scene, event: Event) -> None:
    """An entry of the private list."""
    if await _is_hidden(scene, event):
        await scene.tell("events.gone")
    else:
        await rsvps.resume_event(scene, FollowedLink(LinkAction.EVENT, event.community_id, event.id))
    scene.answer()


async def _is_hidden(scene: Scene, event: Event) -> bool:
    """True for a forged press on an event that neither the presser nor this chat may come across."""
    chat_id = None if scene.is_private or scene.chat is None else scene.chat.id
    who = scene.actor.id
    return not await visibility.may_come_across(scene.session, event, member_id=who, chat_id=chat_id)


_FOR_ALL: dict[str, Step] = {
    "open": _open,
    "show": _show,
    "not_for_me": invitations.not_for_me,
    "file": calendars.send_file,
    "ticket": check_ins.ticket,
}
_FOR_HOSTS: dict[str, Step] = {
    "publish": event_drafts.publish,
    "drop": event_drafts.drop,
    "edit": event_management.manage,
    "manage": event_management.manage,
    "manage_here": event_management.manage_here,
    "edit_here": event_management.edit_here,
    "cancel": event_management.ask_cancel,
    "post_card": event_management.post_card,
    "check_in": check_ins.show_list,
    "export": event_tools.export,
    "summary": event_tools.summary,
    "close": event_tools.close,
    "reopen": event_tools.reopen,
    "names": event_tools.turn_names,
    "visibility": event_tools.turn_visibility,
    "message": partial(event_tools.ask, "message"),
    "co_host": partial(event_tools.ask, "co_host"),
    "clone": partial(event_tools.ask, "clone"),
    "door_qr": check_ins.door_qr,
    "stop_series": event_management.stop_series,
    "lead_series": event_management.lead_series,
    "cancel_sure": event_management.cancel,
    "cancel_all": event_management.cancel_all,
    **{f"set_{field}": partial(event_management.ask_field, field) for field in FIELDS},
}
