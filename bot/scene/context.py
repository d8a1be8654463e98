"""The context that carries services and the update's turn to handlers, and the scene they play in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import CallbackContext, ExtBot

from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from bot.scene.turn import Turn, UnitOfWork
from bot.texts import Safe, Voice
from models.domain.sending import deliveries
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery
from models.tables.member import Member

CURRENT_TURN: ContextVar[Turn] = ContextVar("klatch_turn")

# Longest answer to a press, in characters (Telegram's limit is 200).
LONGEST_ANSWER = 200


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
        async with self.turn.transaction() as work:
            scene = await _look_around(work, update, self)
            yield scene
        # What is shared is not committed yet: the worker wakes them then.
        if self.turn.shared is None:
            self.services.door.wake()
            self.services.runner.wake()


@dataclass
class Scene:
    """Who, where and when; how everybody in it is spoken to; and the ways to answer."""

    work: UnitOfWork
    services: Services
    turn: Turn
    now: datetime
    # The person who acted; None for channels and anonymous admins.
    member: Member | None
    chat: Chat | None
    community: Community | None
    is_private: bool
    is_anonymous_admin: bool
    thread_id: int | None = None
    callback_id: str | None = None

    @property
    def session(self) -> AsyncSession:
        """The session of the scene's transaction."""
        return self.work.session

    def say(self, key: str, **values: Any) -> Safe:
        """A sentence for those who read this chat."""
        return self.voice.say(key, **values)

    @property
    def voice(self) -> Voice:
        """For those who read this chat: in private its member, in a group its community."""
        if self.community and not self.is_private:
            return self.services.voice(self.community)
        return self.own_voice

    @property
    def own_voice(self) -> Voice:
        """For the person who acted, wherever they did."""
        return self.services.voice(self.member)

    async def reply(
        self, message: Outgoing, *, kind: str = "reply", to_message_id: int | None = None
    ) -> Delivery | None:
        """Queue an answer into the chat of this scene, in the same transaction as its cause; perhaps as a reply to a message."""
        is_personal = self.is_private and self.member is not None
        return await deliveries.queue(
            self.session,
            kind,
            now=self.now,
            payload=message.payload(reply_to=to_message_id),
            member_id=self.actor.id if is_personal else None,
            chat_id=None if is_personal else self.chat_id,
            community_id=self.community.id if self.community else None,
            thread_id=self.thread_id,
        )

    async def edit(self, shown: Delivery, message: Outgoing, *, kind: str = "answer") -> Delivery | None:
        """Queue a change of a message that we sent."""
        return await deliveries.queue(
            self.session,
            kind,
            now=self.now,
            method="editMessageText",
            payload=message.payload(),
            edits_id=shown.id,
        )

    @property
    def chat_id(self) -> int:
        """Row id of the chat. Raises RuntimeError where the update names none."""
        if self.chat is None:
            raise RuntimeError("this update names no chat")
        return self.chat.id

    @property
    def actor(self) -> Member:
        """The person who acted. Raises RuntimeError where nobody may be modelled; such updates reach no handler."""
        if self.member is None:
            raise RuntimeError("this update names nobody")
        return self.member

    def answer(self, text: str = "", *, is_alert: bool = False, url: str | None = None) -> None:
        """Answer the press once its effects are committed; the last answer given counts."""
        if self.callback_id is None:
            return
        parameters: dict[str, Any] = {"callback_query_id": self.callback_id}
        parameters |= {"text": text[:LONGEST_ANSWER], "show_alert": is_alert} if text else {}
        parameters |= {"url": url} if url else {}
        self.turn.answer = partial(ask, self.services, "answerCallbackQuery", parameters)


async def ask(services: Services, method: str, parameters: dict[str, Any]) -> Any:
    """Call Telegram at once, outside any transaction; nothing happens where there is no Telegram."""
    return await services.ask_telegram(method, parameters) if services.ask_telegram else None


async def _look_around(work: UnitOfWork, update: Update, context: BotContext) -> Scene:
    services, user, where = context.services, update.effective_user, update.effective_chat
    message = update.effective_message
    is_anonymous = bool(message and message.sender_chat and where and message.sender_chat.id == where.id)
    is_nobody = user is None or (
        message is not None and message.sender_chat is not None and update.callback_query is None
    )
    member = None if is_nobody else await work.member(user.id if user else 0)
    chat = await work.chat(where.id) if where else None
    community = await work.session.get(Community, chat.community_id) if chat and chat.community_id else None
    is_private = where is not None and where.type == "private"
    return Scene(
        work=work,
        services=services,
        turn=context.turn,
        now=context.turn.now,
        member=member,
        chat=chat,
        community=community,
        is_private=is_private,
        is_anonymous_admin=is_anonymous,
        thread_id=message.message_thread_id if message and message.is_topic_message else None,
        callback_id=update.callback_query.id if update.callback_query else None,
    )
