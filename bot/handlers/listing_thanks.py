"""Who helped with a need that was met here: its author says so in one tap, and they hear it."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import ThanksButton
from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.notices import listing_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.listings import answers, cards
from models.reading.listing_kinds import ListingKind
from models.tables.listing import Listing, ListingOutcome


async def ask(scene: Scene, listing: Listing) -> None:
    """After "found here": its author, in private, if anybody answered."""
    is_met = listing.kind == ListingKind.NEED and listing.outcome == ListingOutcome.FOUND_HERE
    if is_met and scene.is_private and listing.member_id == scene.actor.id:
        helpers = await answers.helpers_to_thank(scene.session, listing)
        if helpers:
            await scene.reply(await _question(scene, listing, ""))


async def press(update: Update, context: BotContext) -> None:
    """The author names one, or none of them."""
    button = ThanksButton.of(update)
    async with context.scene(update) as scene:
        listing = await scene.session.get(Listing, button.listing_id)
        if listing is None or listing.member_id != scene.actor.id:
            scene.alert("listings.gone")
        elif not button.member_id:
            scene.answer()
            await scene.redraw(Outgoing(scene.voice.say("listings.nobody_noted")))
        else:
            await _thank(scene, listing, button.member_id)


async def _thank(scene: Scene, listing: Listing, helper_id: int) -> None:
    helper = await answers.thank(scene.session, listing, helper_id, now=scene.now)
    if helper is None:
        scene.alert("errors.foreign_button")
        return
    is_told = await listing_posts.tell_helper(scene.services, scene.session, listing, helper, now=scene.now)
    scene.toast("listings.helper_hears" if is_told else "listings.helper_cannot_hear", name=helper.name)
    await scene.redraw(await _question(scene, listing, helper.name))


async def _question(scene: Scene, listing: Listing, name: str) -> Outgoing:
    view = await cards.view_of(scene.session, listing, now=scene.now)
    helpers = await answers.helpers_to_thank(scene.session, listing)
    return messages.who_helped(scene.voice, view, helpers, thanked_name=name)
