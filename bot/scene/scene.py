"""Scene: who, where and when a handler plays in, how everybody there is spoken to, and every way to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.links import start_link
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from bot.scene.tongue import language_of_answer
from bot.scene.transaction import Turn, UnitOfWork
from bot.texts import Safe, Voice
from models.domain.members import deep_links, rights
from models.domain.sending import deliveries, receipts
from models.domain.sending.about import About
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.member import LinkAction, Member

# Longest answer to a press, in characters (Telegram's limit is 200).
LONGEST_ANSWER = 200


@dataclass
class Scene:
    """One update, looked up: handlers get it for the length of their transaction."""

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
    # The message that a handler answers; None for a press.
    command_id: int | None = None
    # What that message says; "" for a press.
    words: str = ""
    # A press: what answers it, and Telegram's id of the message that it was on.
    callback_id: str | None = None
    pressed_id: int | None = None

    @property
    def session(self) -> AsyncSession:
        """The session of the scene's transaction."""
        return self.work.session

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

    async def is_admin(self) -> bool:
        """True when whoever acted is an admin of this chat's community, also one who speaks as the group itself."""
        if self.member is None or self.community is None:
            return self.is_anonymous_admin
        return self.is_anonymous_admin or await rights.is_admin(self.session, self.member.id, self.community.id)

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

    @property
    def answer_voice(self) -> Voice:
        """For the person whose command is answered, in the language they chose or wrote in; on the clock of this chat."""
        return self.voice_answering(self.words)

    def voice_answering(self, words: str) -> Voice:
        """The same for a command that was sent before, a press on the question about it say."""
        language = language_of_answer(self.member, words)
        return self.voice.speaking(language) if language else self.voice

    def say(self, key: str, **values: Any) -> Safe:
        """A sentence for those who read this chat."""
        return self.voice.say(key, **values)

    async def tell(self, key: str, *, to_message_id: int | None = None, **values: Any) -> None:
        """Answer a command with one sentence."""
        await self.reply(Outgoing(self.answer_voice.say(key, **values)), to_message_id=to_message_id)

    async def reply(
        self, message: Outgoing, *, kind: DeliveryKind = DeliveryKind.REPLY, to_message_id: int | None = None
    ) -> Delivery | None:
        """Queue an answer into the chat of this scene, in the same transaction as its cause; perhaps as a reply to a message.

        In a group it replies to the command, so that everyone sees whom it is for; None when its sender has had their share.
        """
        if self._place and not self.services.echoes.has_share(self._place, row_id=self.turn.row_id, now=self.now):
            return None
        is_personal = self.is_private and self.member is not None
        if to_message_id is None and not self.is_private:
            to_message_id = self.command_id
        payload = message.payload(reply_to=to_message_id)
        if message.picture:
            payload = {"photo": message.picture, **message.caption(reply_to=to_message_id)}
        return await deliveries.queue(
            self.session,
            kind,
            now=self.now,
            method="sendPhoto" if message.picture else "sendMessage",
            payload=payload,
            member_id=self.actor.id if is_personal else None,
            chat_id=None if is_personal else self.chat_id,
            community_id=self.community.id if self.community else None,
            thread_id=self.thread_id,
            is_further=bool(self._place) and self.services.echoes.is_further(self._place, row_id=self.turn.row_id),
        )

    async def show(self, message: Outgoing) -> None:
        """Answer a command that only looks; in a group, silently refuse to repeat what its sender still has in sight."""
        echoes, row_id = self.services.echoes, self.turn.row_id
        if self._place and echoes.is_echo((self._place, self.thread_id), message, row_id=row_id, now=self.now):
            return
        await self.reply(message)

    @property
    def _place(self) -> tuple[int, int] | None:
        """Where answers to one person take from what a whole group may be sent."""
        return (self.chat_id, self.member.id) if self.member and not self.is_private and self.chat_id else None

    async def send_privately(
        self, method: str, payload: dict[str, Any], *, community_id: int | None = None
    ) -> Delivery | None:
        """Queue an answer that is no text (a file, a picture) for the person who acted."""
        return await deliveries.queue(
            self.session,
            DeliveryKind.REPLY,
            now=self.now,
            method=method,
            payload=payload,
            member_id=self.actor.id,
            community_id=community_id,
        )

    async def link(
        self,
        action: LinkAction,
        *,
        community_id: int | None = None,
        target_id: int | None = None,
        member_id: int | None = None,
    ) -> str:
        """An address that opens our private chat and goes on with `action` there; with a member it is theirs alone."""
        token = await deep_links.remember(
            self.session,
            action,
            now=self.now,
            community_id=community_id,
            target_id=target_id,
            member_id=member_id,
        )
        return start_link(self.services.bot_username, token)

    async def pressed_delivery(self) -> Delivery | None:
        """What we sent as the message that was pressed; None for anybody else's, and for what is not kept any more."""
        if self.pressed_id is None:
            return None
        place = {"member_id": self.actor.id} if self.is_private else {"chat_id": self.chat_id}
        return await receipts.sent_as(self.session, self.pressed_id, **place)

    async def redraw(self, message: Outgoing, *, for_all: bool = False, about: About | None = None) -> None:
        """Show this in the message that was pressed; in a group, where everybody would read it, only what is `for_all`.

        `about` what it then shows, for whoever keeps it fresh. In private a message that is not kept any more is followed by
        a new one.
        """
        delivery = await self.pressed_delivery() if for_all or self.is_private else None
        if delivery is not None:
            await self.show_in(delivery, message, about=about)
        elif self.is_private:
            await self.reply(message)

    async def show_in(self, delivery: Delivery, message: Outgoing, *, about: About | None = None) -> None:
        """Show this in a message that we sent; under its picture, if it has one."""
        if message.picture:
            await self.change(delivery, "editMessageMedia", message.media(message.picture), about=about)
        elif await receipts.shows_picture(self.session, delivery):
            await self.change(delivery, "editMessageCaption", message.caption(), about=about)
        else:
            await self.change(delivery, "editMessageText", message.payload(), about=about)

    async def change(
        self,
        delivery: Delivery,
        method: str,
        payload: dict[str, Any],
        *,
        about: About | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """Queue a change of a message that we sent (its text, or its buttons alone), perhaps for later."""
        await deliveries.queue(
            self.session,
            DeliveryKind.ANSWER,
            now=self.now,
            method=method,
            payload=payload,
            edits_id=delivery.id,
            about=about,
            due_at=due_at,
        )

    async def remove(self, delivery: Delivery) -> None:
        """Queue the deletion of a message that we sent; Telegram allows it for 48 hours."""
        await self.change(delivery, "deleteMessage", {})

    def toast(self, key: str, **values: Any) -> None:
        """Answer the press with a sentence that only the presser sees, and for a moment."""
        self.answer(self.own_voice.plain(key, **values))

    def alert(self, key: str, **values: Any) -> None:
        """Answer the press with a sentence that stays until the presser puts it away: why nothing was done."""
        self.answer(self.own_voice.plain(key, **values), is_alert=True)

    def answer(self, text: str = "", *, is_alert: bool = False, url: str | None = None) -> None:
        """Answer the press once its effects are committed; the last answer given counts."""
        if self.callback_id is None:
            return
        self.turn.answer = partial(ask, self.services, "answerCallbackQuery", self._parameters(text, is_alert, url))

    def end_with(self, message: Outgoing, key: str) -> None:
        """Show this in the pressed message, and answer with an alert, once everything about the presser is erased.

        No row is left that the door could write to, so it is said like an answer to a press. Call it before erasing.
        """
        edit = {"chat_id": self.actor.telegram_id, "message_id": self.pressed_id, **message.payload()}
        answer = self._parameters(self.own_voice.plain(key), is_alert=True, url=None)
        self.turn.answer = partial(_edit_and_answer, self.services, edit, answer)

    def _parameters(self, text: str, is_alert: bool, url: str | None) -> dict[str, Any]:
        parameters: dict[str, Any] = {"callback_query_id": self.callback_id}
        parameters |= {"text": text[:LONGEST_ANSWER], "show_alert": is_alert} if text else {}
        return parameters | ({"url": url} if url else {})


async def _edit_and_answer(services: Services, edit: dict[str, Any], answer: dict[str, Any]) -> None:
    """Also a press that is too old to be answered leaves its message as it should stand."""
    try:
        await ask(services, "editMessageText", edit)
    finally:
        await ask(services, "answerCallbackQuery", answer)


async def ask(services: Services, method: str, parameters: dict[str, Any]) -> Any:
    """Call Telegram at once, outside any transaction; nothing happens where there is no Telegram."""
    return await services.ask_telegram(method, parameters) if services.ask_telegram else None
