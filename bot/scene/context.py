"""The context that carries services and the update's turn to handlers, and looks up the scene they play in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from telegram import Update
from telegram.ext import CallbackContext, ExtBot

from bot.scene import admins
from bot.scene.scene import Scene
from bot.scene.services import Services
from bot.scene.transaction import Turn, UnitOfWork
from models.tables.community import ChatKind, Community

CURRENT_TURN: ContextVar[Turn] = ContextVar("klatch_turn")


class BotContext(CallbackContext[ExtBot[None], dict[str, Any], dict[str, Any], dict[str, Any]]):
    """python-telegram-bot's context with ours inside."""

    @property
    def services(self) -> Services:
        """The bundle from the wiring screen."""
        services: Services = self.bot_data["services"]
        return services

    @property
    def turn(self) -> Turn:
        """The turn of the update being handled."""
        return CURRENT_TURN.get()

    @asynccontextmanager
    async def scene(self, update: Update) -> AsyncIterator[Scene]:
        """The one transaction of a handler, with everybody in it looked up; what it queued goes out after the commit."""
        # What several updates share is recorded already; such presses ask for no rights.
        if update.effective_user is not None and self.turn.own_work is None:
            await admins.settle_doubt(self, update.effective_user.id)
        async with self.turn.transaction() as work:
            scene = await _look_around(work, update, self)
            yield scene
        # What is shared is not committed yet: the worker wakes them then.
        if self.turn.own_work is None:
            self.services.door.wake()
            self.services.runner.wake()


async def _look_around(work: UnitOfWork, update: Update, context: BotContext) -> Scene:
    user, where, press = update.effective_user, update.effective_chat, update.callback_query
    message = update.effective_message
    is_anonymous = bool(message and message.sender_chat and where and message.sender_chat.id == where.id)
    is_nobody = user is None or (message is not None and message.sender_chat is not None and press is None)
    chat = await work.chat(where.id) if where else None
    return Scene(
        work=work,
        services=context.services,
        turn=context.turn,
        now=context.turn.now,
        member=None if is_nobody else await work.member(user.id if user else 0),
        chat=chat,
        community=await work.session.get(Community, chat.community_id) if chat and chat.community_id else None,
        is_private=where is not None and where.type == ChatKind.PRIVATE,
        is_anonymous_admin=is_anonymous,
        thread_id=message.message_thread_id if message and message.is_topic_message else None,
        command_id=message.message_id if message and press is None else None,
        words=(message.text or message.caption or "") if message and press is None else "",
        callback_id=press.id if press else None,
        pressed_id=message.message_id if press and message else None,
    )
