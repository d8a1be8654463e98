"""What is held about a member, and the question before it is erased."""

from __future__ import annotations

from datetime import datetime

from bot.callbacks import ForgetButton
from bot.messages import times
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Safe, Voice
from models.domain.erasure.personal_data import Holdings


def caption(voice: Voice, holdings: Holdings) -> Safe:
    """Under the file of /mydata."""
    return voice.say("personal_data.caption", **_counts(holdings))


def given_already(voice: Voice, given_at: datetime, next_at: datetime) -> Outgoing:
    """Where the file is, and when there may be a new one."""
    last, following = times.clock(voice, given_at), times.clock(voice, next_at)
    return Outgoing(voice.say("personal_data.given_already", last=last, next=following))


def are_you_sure(voice: Voice, holdings: Holdings) -> Outgoing:
    """What would be erased; one button does it, the other keeps everything."""
    yes = Button(voice.plain("personal_data.yes"), data=ForgetButton(1).pack())
    no = Button(voice.plain("personal_data.no"), data=ForgetButton(0).pack())
    return Outgoing(voice.say("personal_data.are_you_sure", **_counts(holdings)), [[no], [yes]])


def erasure(voice: Voice, holdings: Holdings) -> Outgoing:
    """What the question becomes once it is done: what was erased, what is left where, and that nothing is to do."""
    return Outgoing(voice.say("personal_data.erased", **_counts(holdings)))


def _counts(holdings: Holdings) -> dict[str, int]:
    return {
        "messages": holdings.n_messages,
        "reactions": holdings.n_reactions,
        "interactions": holdings.n_interactions,
        "recommendations": holdings.n_recommendations,
    }
