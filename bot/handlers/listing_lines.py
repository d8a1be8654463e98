"""The line of a need or an offer: read, then its card in the group, or its preview where something was not clear."""

from __future__ import annotations

from datetime import timedelta

from telegram import Message

from bot.handlers.event_lines import line_of
from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.notices import listing_posts
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.events import events
from models.domain.listings import answers, cards, drafts, hints, listings
from models.domain.listings.listings import ListingRefused
from models.domain.member_time import place_zone
from models.domain.members import consent
from models.reading.listing_kinds import ListingKind
from models.reading.listing_lines import ListingDraft, read_listing_line
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.listing import Listing
from models.tables.message import Message as MessageRow

# Telegram lets bots delete a message for 48 hours.
DELETABLE = timedelta(hours=47)


async def where(scene: Scene) -> tuple[Community, Chat] | None:
    """The community, and the chat for the card: in private those where the member was last seen."""
    if not scene.is_private:
        return (scene.community, scene.chat) if scene.community and scene.chat else None
    for community in await consent.communities_of(scene.session, scene.actor.id):
        chat = await events.home_chat(scene.session, community.id)
        if chat is not None:
            return community, chat
    return None


def draft_of(scene: Scene, line: str, community: Community) -> ListingDraft:
    """What the line says, on the clock of its community."""
    zone = place_zone(community.time_zone, scene.services.defaults)
    return read_listing_line(line, now=scene.now, zone=zone)


async def take(scene: Scene, line: str, kind: ListingKind, place: tuple[Community, Chat], *, message_id: int) -> None:
    """Answer a line (Telegram's id of its message) with its card, its preview, or why it cannot be kept."""
    row = None if scene.is_private else await listings.message_at(scene.session, scene.chat_id, message_id)
    draft = draft_of(scene, line, place[0])
    try:
        listing = await _plan(scene, draft, kind, place, row, line)
    except ListingRefused as refused:
        await scene.tell(f"listings.refused.{refused.code}", n=refused.n)
        return
    if await listings.twin(scene.session, listing, now=scene.now) is not None:
        await listings.drop(scene.session, listing.id)
        await scene.tell("listings.open_already")
    elif scene.is_private or draft.doubts:
        await _show_preview(scene, listing, draft, line_id=message_id)
    else:
        await _post_here(scene, listing)


async def _post_here(scene: Scene, listing: Listing) -> None:
    """The card answers the command; a member who had their share of the group's messages posts nothing, and nothing is kept."""
    await listings.post(scene.session, listing, now=scene.now)
    card = await listing_posts.card(scene.services, scene.session, listing, now=scene.now)
    delivery = await scene.reply(card, kind=DeliveryKind.CARD)
    if delivery is None:
        await scene.session.delete(listing)
    else:
        listing.card_id = delivery.id


async def keep(scene: Scene, row: MessageRow, kind: ListingKind, place: tuple[Community, Chat]) -> None:
    """Whoever wrote a message wants it kept: the message with the button becomes its card, in private its page."""
    draft = draft_of(scene, row.text or "", place[0])
    try:
        listing = await _plan(scene, draft, kind, place, row, row.text or "")
    except ListingRefused as refused:
        scene.alert(f"listings.refused.{refused.code}", n=refused.n)
        return
    scene.answer()
    await hints.note_kept(scene.session, scene.actor.id, row.id, now=scene.now)
    if draft.doubts:
        await redraw_preview(scene, listing, draft)
        return
    await listings.post(scene.session, listing, now=scene.now)
    if scene.is_private:
        # The words stand in the group already: their card answers them.
        answered_id = row.telegram_message_id
        await listing_posts.post_card(scene.services, scene.session, listing, now=scene.now, reply_to=answered_id)
        await scene.redraw(await listing_page(scene, listing))
        scene.toast("listings.posted_toast")
    else:
        await become_card(scene, listing)


async def listing_page(scene: Scene, listing: Listing, *, note: Safe | None = None) -> Outgoing:
    """A need or offer in private, with what whoever looks may do."""
    view = await cards.view_of(scene.session, listing, now=scene.now)
    is_author = listing.member_id == scene.actor.id
    helpers = await answers.helpers(scene.session, listing) if is_author else []
    return messages.page(scene.voice, view, is_author=is_author, note=note, helpers=helpers)


async def become_card(scene: Scene, listing: Listing) -> None:
    """The pressed message is the card from now on; where that is not kept any more, a new one is posted."""
    delivery = await scene.pressed_delivery()
    if delivery is None or delivery.chat_id is None or delivery.chat_id != listing.chat_id:
        await listing_posts.post_card(scene.services, scene.session, listing, now=scene.now)
        return
    listing.card_id = delivery.id
    await listing_posts.refresh_card(scene.services, scene.session, listing, now=scene.now)


async def _plan(
    scene: Scene,
    draft: ListingDraft,
    kind: ListingKind,
    place: tuple[Community, Chat],
    row: MessageRow | None,
    line: str,
) -> Listing:
    """The draft in its row; what its author had not posted before goes. Raises ListingRefused."""
    community, chat = place
    listing = await listings.plan(
        scene.session,
        draft,
        kind,
        line=line,
        community=community,
        member_id=scene.actor.id,
        chat_id=chat.id,
        thread_id=row.telegram_thread_id if row else None if scene.is_private else scene.thread_id,
        message_id=row.id if row else None,
        now=scene.now,
    )
    for delivery in await drafts.supersede(scene.session, listing):
        await remove(scene, delivery)
    return listing


async def remove(scene: Scene, delivery: Delivery) -> None:
    """A preview goes; one that is too old to be deleted says so."""
    drafts.forget(delivery)
    if delivery.created_at > scene.now - DELETABLE:
        await scene.remove(delivery)
    else:
        await scene.show_in(delivery, Outgoing(scene.say("events.replaced")))


async def _show_preview(scene: Scene, listing: Listing, draft: ListingDraft, *, line_id: int) -> None:
    delivery = await scene.reply(await preview(scene, listing, draft), to_message_id=line_id)
    if delivery is not None:
        drafts.remember(delivery, listing)


async def redraw_preview(scene: Scene, listing: Listing, draft: ListingDraft) -> None:
    """The pressed message shows the preview."""
    pressed_delivery = await scene.pressed_delivery()
    await scene.redraw(await preview(scene, listing, draft), for_all=True)
    if pressed_delivery is not None:
        drafts.remember(pressed_delivery, listing)


async def preview(scene: Scene, listing: Listing, draft: ListingDraft) -> Outgoing:
    """What the card will look like, for those who read this chat."""
    view = await cards.view_of(scene.session, listing, now=scene.now)
    return messages.preview(scene.voice, view, doubts=draft.doubts, is_private=scene.is_private)


async def correct(scene: Scene, message: Message) -> bool:
    """The line of a need or an offer was edited: it is read anew. False when there is nothing to correct."""
    line = line_of(message)
    row = await listings.message_at(scene.session, scene.chat_id, message.message_id) if line and scene.chat else None
    listing = await listings.of_message(scene.session, row.member_id, row) if row and row.member_id else None
    if listing is None or listing.closed_at is not None or scene.member is None:
        return False
    await change(scene, listing, line)
    return True


async def change(scene: Scene, listing: Listing, line: str) -> bool:
    """Another line in place of the old one, shown wherever it stands; False where it was refused, and said why."""
    community = await scene.session.get_one(Community, listing.community_id)
    draft = draft_of(scene, line, community)
    try:
        await listings.change(scene.session, listing, draft, line=line, now=scene.now)
    except ListingRefused as refused:
        await scene.tell(f"listings.refused.{refused.code}", n=refused.n)
        return False
    await listing_posts.refresh_card(scene.services, scene.session, listing, now=scene.now)
    for shown in await drafts.previews_of(scene.session, listing.id):
        voice = scene.own_voice if shown.member_id is not None else scene.services.voice(community)
        view = await cards.view_of(scene.session, listing, now=scene.now)
        is_private = shown.member_id is not None
        await scene.show_in(shown, messages.preview(voice, view, doubts=draft.doubts, is_private=is_private))
    if draft.doubts and listing.posted_at is not None:
        await scene.reply(Outgoing(messages.doubt(scene.answer_voice, draft.doubts)))
    return True
