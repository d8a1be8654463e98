"""A host's other tools: the table of answers, a word to those going, co-hosts, closing, and the same event again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select

from bot.handlers import event_dialogues, event_drafts, event_management, event_previews, host_words
from bot.handlers.event_dialogues import NotUnderstood
from bot.handlers.event_previews import Plan
from bot.links import start_link
from bot.messages import event_management as messages
from bot.messages import event_notices as notices
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.scene import Scene
from models.database import keys_of_session
from models.domain.events import events, exports, hosts, seats, series
from models.domain.installation import timetable
from models.domain.member_time import zone_of
from models.domain.members import consent, dialogues
from models.domain.members.deep_links import FollowedLink
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.event import Event, EventHost, EventStatus, Visibility
from models.tables.job import JobName
from models.tables.member import Dialogue, DialogueAction, Member


async def export(scene: Scene, event: Event) -> None:
    """The answers as a CSV file; personal, so only in private."""
    scene.answer()
    if not scene.is_private:
        return
    # Spreadsheets take a file for UTF-8 when it begins with this mark.
    content = b"\xef\xbb\xbf" + (await exports.answers_csv(scene.session, event)).encode()
    file = {"document": deliveries.attachment(content, f"event-{event.id}.csv")}
    await scene.send_privately("sendDocument", file, community_id=event.community_id)


async def summary(scene: Scene, event: Event) -> None:
    """What came of the event, with a picture; the other process draws it: the answer is its delivery, a moment later."""
    if not scene.is_private:
        await event_management.manage(scene, event)
        return
    if not seats.is_over(event, scene.now) or event.status != EventStatus.PUBLISHED:
        scene.alert("event_ratings.not_over")
        return
    arguments = {"event_id": event.id, "member_id": scene.actor.id}
    key = f"event:{event.id}:member:{scene.actor.id}"
    await timetable.defer(scene.session, JobName.REPORT_ON_EVENTS, now=scene.now, key=key, arguments=arguments)
    scene.toast("event_ratings.one_moment")


async def close(scene: Scene, event: Event) -> None:
    """No further answers; who cannot come may still say so."""
    if await events.change(scene.session, event.id, {"rsvp_until": scene.now}, now=scene.now) is not None:
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    await event_management.manage_here(scene, event)


async def reopen(scene: Scene, event: Event) -> None:
    """Answers are taken again, until it starts."""
    if await events.change(scene.session, event.id, {"rsvp_until": None}, now=scene.now) is not None:
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    await event_management.manage_here(scene, event)


async def turn_names(scene: Scene, event: Event) -> None:
    """Show names on the card, or counts only; the reasons of invitations keep to it too."""
    await events.change(scene.session, event.id, {"shows_names": not event.shows_names}, now=scene.now)
    await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    await event_management.edit_here(scene, event)


async def turn_visibility(scene: Scene, event: Event) -> None:
    """Show the event to the whole community, or only where its card stands and through its links."""
    to = Visibility.COMMUNITY if event.visibility == Visibility.LINK else Visibility.LINK
    await events.change(scene.session, event.id, {"visibility": to}, now=scene.now)
    await event_management.edit_here(scene, event)


async def ask(step: str, scene: Scene, event: Event) -> None:
    """A tool that needs words: which, is the step."""
    scene.answer()
    if not scene.is_private:
        return
    await event_management.expect_words(scene, DialogueAction.EVENT_TOOL, step, event)
    await scene.reply(await _question(scene, event, step))


async def _question(scene: Scene, event: Event, step: str) -> Outgoing:
    """The question; that for a co-host comes with a link, because many members have no handle."""
    if step != "co_host":
        return messages.question(scene.voice, step)
    token = await hosts.offer_co_hosting(scene.session, event, now=scene.now)
    link = start_link(scene.services.bot_username, token)
    return messages.co_host_question(scene.voice, event, link=link)


async def become_co_host(scene: Scene, link: FollowedLink) -> None:
    """A member followed the host's link: they have a host's rights now, and the host is told."""
    event = await scene.session.get(Event, link.target_id)
    if event is None:
        await scene.tell("events.gone")
    elif not await hosts.accept_co_hosting(scene.session, event, scene.actor.id, link.intent_id):
        await scene.tell("errors.not_a_member")
    else:
        await _welcome_co_host(scene, event)


async def _welcome_co_host(scene: Scene, event: Event) -> None:
    if event.status == EventStatus.PUBLISHED:
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    host = await scene.session.get(Member, event.host_id) if event.host_id else None
    if host is not None and host.id != scene.actor.id:
        notice = partial(notices.co_host_joined, name=scene.actor.name)
        await event_posts.tell(scene.services, scene.session, event, host, DeliveryKind.NOTICE, notice, now=scene.now)
    await scene.tell("events.you_co_host", title=event.title)
    await event_management.show_menu(scene, event)


async def go_on(scene: Scene, dialogue: Dialogue, text: str | None) -> None:
    """The words came."""
    event = await scene.session.get(Event, dialogue.target_id)
    if event is None or not await events.may_manage(scene.session, event, scene.actor.id):
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("events.gone")
        return
    try:
        await _STEPS[dialogue.step](scene, event, (text or "").strip())
    except NotUnderstood as problem:
        await scene.reply(Outgoing(problem.sentence))


async def _message(scene: Scene, event: Event, text: str) -> None:
    """A word from the host to everybody who is going or may come."""
    if not text:
        raise NotUnderstood(scene.say("events.ask.message"))
    await host_words.show(scene, event, text)


async def _co_host(scene: Scene, event: Event, text: str) -> None:
    """Give a member a host's rights, or take them back."""
    handle_hash = keys_of_session(scene.session).lookup_hash(text.removeprefix("@"))
    query = select(Member).where(Member.handle_hash == handle_hash)
    member = (await scene.session.scalars(query.limit(1))).one_or_none()
    if member is None or not await consent.is_member(scene.session, member.id, event.community_id):
        raise NotUnderstood(scene.say("events.nobody_by_that_handle"))
    host_row = select(EventHost.id).where(EventHost.event_id == event.id, EventHost.member_id == member.id)
    is_host = await scene.session.scalar(host_row) is None
    await events.set_co_host(scene.session, event, member.id, is_host=is_host)
    await dialogues.stop(scene.session, scene.actor.id)
    if event.status == EventStatus.PUBLISHED:
        await event_posts.refresh_cards(scene.services, scene.session, event, now=scene.now)
    if is_host and member.id != scene.actor.id:
        notice = partial(notices.made_co_host, name=scene.actor.name)
        await event_posts.tell(scene.services, scene.session, event, member, DeliveryKind.NOTICE, notice, now=scene.now)
    key = "events.co_host_added" if is_host else "events.co_host_removed"
    await scene.tell(key, name=member.name)


async def _clone(scene: Scene, event: Event, text: str) -> None:
    """The same event at another time, as a draft to look at."""
    community = await scene.session.get_one(Community, event.community_id)
    value = event_dialogues.read_answer(scene, "when", text, zone_of(event.time_zone), community.language)
    starts_at = datetime.fromisoformat(value["starts_at"])
    copy = await series.clone(scene.session, event, starts_at, status=EventStatus.DRAFT, now=scene.now)
    if value["ends_at"]:
        copy.ends_at = datetime.fromisoformat(value["ends_at"])
    await dialogues.stop(scene.session, scene.actor.id)
    screen = await event_previews.preview(scene, copy)
    # Who plans it again twice means two dates.
    await event_drafts.say(scene, Plan(screen, copy), is_another=True)


_STEPS = {"message": _message, "co_host": _co_host, "clone": _clone}
