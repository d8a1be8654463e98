"""A question that nobody answered, brought to somebody who may know: the asker's words, why them, and every way out."""

from __future__ import annotations

from datetime import datetime

from bot.callbacks import Control, ControlButton
from bot.links import message_link
from bot.messages import controls, reasons
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Voice
from models.domain.questions.questions import Call
from models.reading.gists import shorten

# Columns of what is quoted: enough for a whole question.
LONGEST_QUESTION = 400


def question(voice: Voice, call: Call, *, recommendation_id: int, now: datetime) -> Outgoing:
    """The whole message; no age, since it may wait for the morning."""
    talk, chat = call.question.talk, call.question.chat
    text = lines(
        voice.say("questions.waits", asker=call.asker.name, chat=chat.title or "?"),
        "",
        voice.say("questions.words", words=shorten(talk.head.text or "", LONGEST_QUESTION)),
        "",
        voice.say("invitations.because", reason=reasons.reason(voice, call.reason, section="digests", now=now)),
    )
    no = Button(voice.plain("questions.not_mine"), data=ControlButton(Control.LESS, recommendation_id).pack())
    link = message_link(chat.telegram_id, talk.head.telegram_message_id, handle=chat.handle)
    answer = [[Button(voice.plain("questions.answer"), url=link)]] if link else []
    return Outgoing(text, [*answer, [no], controls.last_row(voice, recommendation_id)])
