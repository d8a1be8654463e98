"""Introductions that were proposed, in words: the question without a name, and the message that passes names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.callbacks import ProposalButton
from bot.messages import controls
from bot.messages.introductions import person
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.messages.reasons import reason
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.introductions.proposals import Answer
from models.tables.introduction import Introduction
from models.tables.member import Member

# Characters of a name on a button, and of a question that is passed on.
LONGEST_NAME, LONGEST_QUESTION = 24, 200

Reasons = Sequence[Mapping[str, Any]]


def proposal(
    voice: Voice, introduction: Introduction, reasons: Reasons, *, community: str, recommendation_id: int, now: datetime
) -> Outgoing:
    """Shall I introduce you? Why, in words made from facts, and four answers; why, pause and stop below."""
    why = [reason(voice, one, section="introductions", now=now) for one in reasons]
    text = lines(
        voice.say("introductions.hello", community=community),
        *why,
        "",
        voice.say(f"introductions.shall_i.{introduction.kind}"),
    )
    answers = [
        Button(voice.plain(f"introductions.answer.{one}"), data=ProposalButton(one, introduction.id).pack())
        for one in Answer
    ]
    return Outgoing(text, [answers[:2], answers[2:], controls.last_row(voice, recommendation_id)])


def introduction(
    voice: Voice,
    introduction: Introduction,
    reasons: Reasons,
    *,
    reader: Member,
    others: Sequence[Member],
    now: datetime,
    question: str | None = None,
) -> Outgoing:
    """All said yes: who, why, a first question, the way to write to them, and what comes next.

    `question` is what was asked by whoever asked for it, in their own words.
    """
    people = Safe(voice.together([person(one) for one in others]))
    names = voice.together([tidy(one.name) for one in others])
    text = lines(
        voice.say("introductions.meet", reader=reader.name, people=people),
        *(_of(voice, one, names, now) for one in reasons),
        voice.say("introductions.question_was", question=_short(question)) if question else None,
        "",
        voice.say(f"introductions.first.{introduction.kind}"),
        voice.say("introductions.next"),
    )
    return Outgoing(text, [[write_button(voice, one)] for one in others if one.handle])


def write_button(voice: Voice, member: Member) -> Button:
    """One tap opens the chat with somebody who has a handle."""
    name = cut(tidy(member.name), LONGEST_NAME)
    return Button(voice.plain("listings.write_to", name=name), url=f"https://t.me/{member.handle}")


def _of(voice: Voice, one: Mapping[str, Any], names: str, now: datetime) -> Safe:
    """A reason that was told of somebody, now with the name."""
    return reason(voice, {**one, "values": {**one.get("values", {}), "who": names}}, section="introductions", now=now)


def _short(words: str) -> str:
    return cut(tidy(words), LONGEST_QUESTION)
