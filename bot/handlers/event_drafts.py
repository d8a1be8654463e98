"""One preview at a time: what a better line supersedes goes, with its question and the line itself."""

from __future__ import annotations

from datetime import timedelta

from bot.handlers import rsvps
from bot.handlers.event_previews import Plan, preview
from bot.messages import events as messages
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.scene import Scene
from models.domain.events import cards, drafts, events
from models.domain.events.drafts import Standing
from models.domain.events.events import EventIsPast
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event, EventStatus

# Telegram lets bots delete a message for 48 hours.
DELETABLE = timedelta(hours=47)


async def say(scene: Scene, plan: Plan, *, line_id: int | None = None, is_another: bool = False) -> None:
    """Answer a line (Telegram's id of its message) with its preview, or with the question about it.

    `is_another`: it is certainly another event than those that wait, whatever it is called.
    """
    author_id = scene.member.id if scene.member else None
    await _supersede(scene, plan, author_id, is_another=is_another)
    delivery = await scene.reply(plan.screen, to_message_id=line_id)
    if delivery is not None:
        drafts.remember(delivery, plan.event, author_id=author_id)


async def redraw(scene: Scene, plan: Plan, *, author_id: int | None) -> None:
    """The message that was pressed becomes the preview, or the next question."""
    pressed_delivery = await scene.pressed_delivery()
    await _supersede(scene, plan, author_id, besides=pressed_delivery)
    await scene.redraw(plan.screen, for_all=True)
    if pressed_delivery is not None:
        drafts.remember(pressed_delivery, plan.event, author_id=author_id)


async def is_open(scene: Scene, line_id: int) -> bool:
    """Whether the line in this message still has a preview or a question under it."""
    open_drafts = await _standing(scene, scene.member.id if scene.member else None)
    return any(_line_of(one.delivery) == line_id for one in open_drafts)


async def _standing(scene: Scene, author_id: int | None) -> list[Standing]:
    place = {"member_id": scene.actor.id} if scene.is_private else {"chat_id": scene.chat_id}
    return await drafts.standing(scene.session, author_id, **place)


async def _supersede(
    scene: Scene,
    plan: Plan,
    author_id: int | None,
    *,
    besides: Delivery | None = None,
    is_another: bool = False,
) -> None:
    for one in await _standing(scene, author_id):
        if besides is None or one.delivery.id != besides.id:
            await _give_way(scene, one, plan.event, is_another=is_another)


async def _give_way(scene: Scene, old: Standing, new: Event | None, *, is_another: bool) -> None:
    """A question goes in any case, a preview for a better one; another event is put aside, in case both are meant."""
    if old.event is None:
        await _take_away(scene, old.delivery)
    elif new is not None and not is_another and drafts.is_corrected_by(old.event, new):
        await events.drop(scene.session, old.event.id)
        await _take_away(scene, old.delivery)
    elif new is not None:
        await scene.show_in(old.delivery, messages.put_aside(scene.voice, old.event))
        drafts.remember(old.delivery, old.event, author_id=old.event.host_id, how=drafts.ASIDE)


async def _take_away(scene: Scene, delivery: Delivery) -> None:
    """The message goes, and in a group the line that it answers, where an admin lets us delete messages."""
    line_id = _line_of(delivery)
    await _remove(scene, delivery)
    if scene.is_private or line_id is None or line_id == scene.command_id:
        return
    await deliveries.queue(
        scene.session,
        DeliveryKind.ANSWER,
        now=scene.now,
        method="deleteMessage",
        payload={"message_id": line_id},
        chat_id=scene.chat_id,
        community_id=delivery.community_id,
    )


async def _remove(scene: Scene, delivery: Delivery) -> None:
    drafts.forget(delivery)
    if delivery.created_at > scene.now - DELETABLE:
        await scene.remove(delivery)
    else:
        await scene.show_in(delivery, Outgoing(scene.say("events.replaced")))


def _line_of(delivery: Delivery) -> int | None:
    replies = (delivery.payload or {}).get("reply_parameters") or {}
    message_id = replies.get("message_id")
    return int(message_id) if message_id is not None else None


async def refresh(scene: Scene, event: Event) -> None:
    """A draft was changed: its previews show it."""
    community = await scene.session.get_one(Community, event.community_id)
    for preview_delivery in await drafts.previews_of(scene.session, event.id):
        voice = scene.voice if preview_delivery.member_id is not None else scene.services.voice(community)
        await scene.show_in(preview_delivery, await preview(scene, event, voice=voice))


async def close(scene: Scene, event_id: int) -> None:
    """A draft was published or dropped: its previews go, besides the one that was pressed."""
    pressed_delivery = await scene.pressed_delivery()
    for preview_delivery in await drafts.previews_of(scene.session, event_id):
        if pressed_delivery is None or preview_delivery.id != pressed_delivery.id:
            await _remove(scene, preview_delivery)
        else:
            drafts.forget(preview_delivery)


async def publish(scene: Scene, event: Event) -> None:
    """The preview in the event's own chat becomes the card; elsewhere the card is posted and the preview shows the event.

    What an admin planned as the group itself names no host, whoever presses: every admin looks after it, and one who
    wants to be named is made a co-host.
    """
    try:
        event_published = await events.publish(scene.session, event.id, now=scene.now)
    except EventIsPast:
        scene.alert("events.draft_is_past")
        return
    scene.toast("events.published_toast")
    if event_published is None:
        return
    await close(scene, event.id)
    preview = await scene.pressed_delivery()
    if preview is not None and preview.chat_id is not None and preview.chat_id == event.chat_id:
        await cards.remember_card(scene.session, event.id, preview.id)
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
        return
    await event_posts.post_card(scene.services, scene.session, event, now=scene.now)
    view = await rsvps.private_view(scene, event) if scene.is_private else None
    await scene.redraw(view or Outgoing(scene.say("events.published_toast")), for_all=True)


async def drop(scene: Scene, event: Event) -> None:
    """The draft is not wanted; what was published is cancelled instead."""
    if event.status != EventStatus.DRAFT:
        scene.alert("events.no_draft")
        return
    await close(scene, event.id)
    await events.drop(scene.session, event.id)
    await scene.redraw(Outgoing(scene.say("events.dropped")), for_all=True)
    scene.toast("events.dropped")
