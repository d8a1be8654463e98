"""What the author of a need or an offer does with it: post, change, close, keep open; the list of one's own."""

from __future__ import annotations

from bot.handlers import listing_lines, listing_thanks
from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.notices import listing_posts
from bot.scene.scene import Scene
from models.domain.listings import cards, drafts, listings
from models.domain.listings.listings import ListingRefused
from models.domain.members import consent, dialogues
from models.domain.members.deep_links import FollowedLink
from models.reading.listing_kinds import ListingKind
from models.tables.listing import Listing, ListingOutcome
from models.tables.member import Dialogue, DialogueAction, LinkAction


async def post(scene: Scene, listing: Listing) -> None:
    """The preview in the group becomes the card; one in private becomes its author's page, and the card is posted."""
    try:
        is_new = await listings.post(scene.session, listing, now=scene.now)
    except ListingRefused as refused:
        scene.alert(f"listings.refused.{refused.code}", n=refused.n)
        return
    scene.toast("listings.posted_toast" if listing.chat_id is not None else "listings.open_toast")
    if not is_new:
        return
    pressed_delivery = await scene.pressed_delivery()
    if pressed_delivery is not None:
        drafts.forget(pressed_delivery)
    for shown in await drafts.previews_of(scene.session, listing.id):
        await listing_lines.remove(scene, shown)
    await listing_lines.become_card(scene, listing)
    if scene.is_private:
        await scene.redraw(await listing_lines.listing_page(scene, listing))


async def post_quietly(scene: Scene, listing: Listing) -> None:
    """Open to those who look for it, without a card in the group; asked in private only."""
    if listing.posted_at is None and scene.is_private:
        listing.chat_id = None
    await post(scene, listing)


async def drop(scene: Scene, listing: Listing) -> None:
    """The draft is not wanted; what was posted is closed instead."""
    if listing.posted_at is not None:
        scene.alert("listings.no_draft")
        return
    pressed_delivery = await scene.pressed_delivery()
    if pressed_delivery is not None:
        drafts.forget(pressed_delivery)
    for shown in await drafts.previews_of(scene.session, listing.id):
        await listing_lines.remove(scene, shown)
    await listings.drop(scene.session, listing.id)
    key = f"listings.discarded.{listing.kind}"
    await scene.redraw(Outgoing(scene.say(key)), for_all=True)
    scene.toast(key)


async def manage(scene: Scene, listing: Listing) -> None:
    """The wheel under the card, or an entry of one's list: in the group the answer opens the private chat."""
    if scene.is_private:
        await scene.reply(await listing_lines.listing_page(scene, listing))
        scene.answer()
        return
    own = scene.actor.id
    link = await scene.link(LinkAction.LISTING, community_id=listing.community_id, target_id=listing.id, member_id=own)
    scene.answer(url=link)


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The private chat was opened at one need or offer; whether they still may is looked at again."""
    listing = await scene.session.get(Listing, link.target_id)
    if listing is None or not await listings.may_close(scene.session, listing, scene.actor.id):
        await scene.tell("listings.gone")
    else:
        await scene.reply(await listing_lines.listing_page(scene, listing))


async def own_list(scene: Scene, kind: ListingKind | None) -> Outgoing:
    """What the member has open, and how to add to it."""
    own = await listings.own_listings(scene.session, scene.actor.id, now=scene.now)
    views = [await cards.view_of(scene.session, listing, now=scene.now) for listing in own]
    return messages.own(scene.voice, views, kind=kind)


async def resume_list(scene: Scene, link: FollowedLink) -> None:
    """The group's link to one's own was followed."""
    await scene.reply(await own_list(scene, None))


async def ask_line(scene: Scene, listing: Listing) -> None:
    """Another line, in private: words are sent there."""
    if not scene.is_private:
        await manage(scene, listing)
        return
    await dialogues.ask(
        scene.session,
        scene.actor.id,
        DialogueAction.EDIT_LISTING,
        "line",
        now=scene.now,
        community_id=listing.community_id,
        target_id=listing.id,
    )
    view = await cards.view_of(scene.session, listing, now=scene.now)
    await scene.reply(messages.ask_line(scene.voice, view))
    scene.answer()


async def go_on(scene: Scene, dialogue: Dialogue, answer: str | None) -> None:
    """The new line."""
    listing = await scene.session.get(Listing, dialogue.target_id)
    if listing is None or listing.member_id != scene.actor.id:
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("listings.gone")
    elif await listing_lines.change(scene, listing, answer or ""):
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.reply(await listing_lines.listing_page(scene, listing, note=scene.say("listings.changed")))


async def close(outcome: ListingOutcome, scene: Scene, listing: Listing) -> None:
    """What came of it: the card says so."""
    await listings.close(scene.session, listing, outcome, now=scene.now)
    await _show(scene, listing, "listings.closed_toast")
    await listing_thanks.ask(scene, listing)


async def keep_open(scene: Scene, listing: Listing) -> None:
    """It stays, or is open again; whoever left does not come back by an old button."""
    if not await consent.is_member(scene.session, scene.actor.id, listing.community_id):
        scene.alert("errors.not_a_member")
        return
    was_over = not listing.is_open(scene.now)
    await listings.keep_open(scene.session, listing, now=scene.now)
    if was_over and listing.card_id is None:
        await listing_posts.post_card(scene.services, scene.session, listing, now=scene.now)
    await _show(scene, listing, "listings.open_toast")


async def post_card(scene: Scene, listing: Listing) -> None:
    """The card that somebody deleted shall stand in its group again."""
    if not listing.is_open(scene.now):
        scene.alert("listings.no_answer.not_open")
        return
    if listing.card_id is None:
        await listing_posts.post_card(scene.services, scene.session, listing, now=scene.now)
    await scene.redraw(await listing_lines.listing_page(scene, listing))
    scene.toast("listings.card_is_back")


async def _show(scene: Scene, listing: Listing, key: str) -> None:
    await listing_posts.refresh_card(scene.services, scene.session, listing, now=scene.now)
    await scene.redraw(await listing_lines.listing_page(scene, listing))
    scene.toast(key)
