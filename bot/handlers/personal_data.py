"""/mydata and /forgetme: everything that is held, as a file; and its erasure after one confirmation."""

from __future__ import annotations

import orjson
from telegram import Update

from bot.callbacks import ForgetButton
from bot.messages import personal_data as messages
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts, listing_posts
from bot.scene.context import BotContext
from models.domain.erasure import exports, personal_data
from models.domain.events import events
from models.domain.listings import answers as listing_answers
from models.domain.sending import deliveries


async def mydata(update: Update, context: BotContext) -> None:
    """A member wants to see what is held about them: a file, and for an hour where to find it."""
    async with context.scene(update) as scene:
        if given_at := await exports.last_one(scene.session, scene.actor.id, now=scene.now):
            await scene.reply(messages.given_already(scene.voice, given_at, given_at + exports.PAUSE))
            return
        holdings = await personal_data.holdings(scene.session, scene.actor.id)
        everything = await personal_data.export(scene.session, scene.actor)
        content = orjson.dumps(everything, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
        caption = messages.caption(scene.voice, holdings)
        file = deliveries.attachment(content, "klatch-mydata.json")
        delivery = await scene.send_privately("sendDocument", {"document": file, **Outgoing(caption).caption()})
        if delivery is not None:
            exports.note(delivery, scene.actor.id)


async def forgetme(update: Update, context: BotContext) -> None:
    """A member wants to be forgotten: asked once more, because it cannot be undone."""
    async with context.scene(update) as scene:
        holdings = await personal_data.holdings(scene.session, scene.actor.id)
        await scene.reply(messages.are_you_sure(scene.voice, holdings))


async def forget(update: Update, context: BotContext) -> None:
    """A member confirmed, or thought better of it."""
    button = ForgetButton.of(update)
    async with context.scene(update) as scene:
        if not scene.is_private:
            scene.alert("errors.foreign_button")
            return
        if not button.is_sure:
            await scene.redraw(Outgoing(scene.say("personal_data.kept")))
            return
        held = await personal_data.holdings(scene.session, scene.actor.id)
        # Nothing is left to write to afterwards: the question becomes the last word, together with the answer to the press.
        scene.end_with(messages.erasure(scene.voice, held), "personal_data.forgotten")
        member_id, events_naming = scene.actor.id, await events.naming(scene.session, scene.actor.id)
        listings_answered = await listing_answers.of_member(scene.session, member_id)
        await listing_posts.take_back(scene.services, scene.session, member_id, now=scene.now)
        await personal_data.forget(scene.session, scene.actor, now=scene.now)
        await event_posts.tell_forgotten(scene.services, scene.session, events_naming, member_id, now=scene.now)
        await listing_posts.refresh_cards(scene.services, scene.session, listings_answered, now=scene.now)
