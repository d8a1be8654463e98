"""Rounds in words: how they stand, who was found and why, what happens to who is left or silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.callbacks import RoundAction, RoundButton
from bot.messages.introductions import person
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import moment
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.introductions.rounds import Preview, Rhythm, Standing
from models.tables.member import Member


def _button(voice: Voice, action: RoundAction, target_id: int) -> Button:
    return Button(voice.plain(f"rounds.button.{action}"), data=RoundButton(action, target_id).pack())


def card(voice: Voice, community_id: int, *, next_at: datetime | None, rhythm: Rhythm, for_admins: bool) -> Outgoing:
    """In the group: what rounds are and when the next one is; everybody may join, admins say how often."""
    if next_at is None:
        text = lines(voice.say("rounds.title"), voice.say("rounds.what"), "", voice.say("rounds.off"))
    else:
        next_line = voice.say(f"rounds.next.{rhythm}", at=moment(voice, next_at))
        text = lines(
            voice.say("rounds.title"), voice.say("rounds.what"), "", next_line, voice.say("rounds.yes_by_joining")
        )
    join = [] if next_at is None else [_button(voice, RoundAction.JOIN, community_id)]
    return Outgoing(text, [join, *(_for_admins(voice, community_id, rhythm) if for_admins else [])])


def _for_admins(voice: Voice, community_id: int, rhythm: Rhythm) -> list[list[Button]]:
    def choice(action: RoundAction) -> Button:
        label = voice.plain(f"rounds.button.{action}")
        return Button(
            f"• {label}" if str(action) == str(rhythm) else label, data=RoundButton(action, community_id).pack()
        )

    often = [choice(one) for one in (RoundAction.WEEKLY, RoundAction.MONTHLY, RoundAction.OFF)]
    return [often, [_button(voice, RoundAction.PREVIEW, community_id)] if rhythm != Rhythm.OFF else []]


def page(voice: Voice, community_id: int, *, community: str, standing: Standing) -> Outgoing:
    """In private: whether the reader is in, and the one button that changes it."""
    if standing.next_at is None:
        return Outgoing(lines(voice.say("rounds.title_of", community=community), voice.say("rounds.off")))
    state = "in" if standing.is_in else "resting" if standing.is_resting else "out"
    text = lines(
        voice.say("rounds.title_of", community=community),
        voice.say(f"rounds.you_are.{state}", at=moment(voice, standing.next_at)),
        _pause_line(voice, standing),
        None if standing.is_in else voice.say("rounds.yes_by_joining"),
    )
    return Outgoing(text, [[_button(voice, RoundAction.LEAVE if standing.is_in else RoundAction.JOIN, community_id)]])


def _pause_line(voice: Voice, standing: Standing) -> Safe | None:
    until, at = standing.paused_until, standing.next_at
    if not standing.is_in or until is None or at is None or until <= at:
        return None
    return voice.say("rounds.paused", at=moment(voice, until))


def preview(voice: Voice, counts: Preview, *, next_at: datetime) -> Outgoing:
    """For admins: counts alone, none of them about one person."""
    if counts.n_in < counts.fewest:
        return Outgoing(voice.say("rounds.preview_few", at=moment(voice, next_at), n=counts.fewest))
    return Outgoing(
        lines(
            voice.say("rounds.preview", at=moment(voice, next_at), n=counts.n_in),
            voice.say("rounds.preview_pairs", n=counts.n_pairs),
            voice.say("rounds.preview_last", n=counts.n_introduced, of=counts.n_people) if counts.n_people else None,
        )
    )


def introduction(
    voice: Voice,
    reader: Member,
    others: Sequence[Member],
    reasons: Sequence[Mapping[str, Any]],
    *,
    introduction_id: int,
    community: str,
) -> Outgoing:
    """Whom the reader meets in this round: the names, why, and a first question; what they can do about it."""
    meeting = [_meeting(voice, reader, other, reasons) for other in others]
    key = "rounds.meet_two" if len(others) > 1 else "rounds.meet"
    text = lines(voice.say(key, community=community), *(part for lines_of in meeting for part in ("", *lines_of)))
    write = [
        Button(voice.plain("rounds.write", name=tidy(other.name)[:30]), url=f"https://t.me/{other.handle}")
        for other in others
        if other.handle
    ]
    return Outgoing(text, [write, [_button(voice, RoundAction.MET, introduction_id)]])


def _meeting(voice: Voice, reader: Member, other: Member, reasons: Sequence[Mapping[str, Any]]) -> list[Safe]:
    """The other's name, the reason between the two, and a question that fits it."""
    ids = {reader.id, other.id}
    reason = next((one for one in reasons if {one["asker"], one["helper"]} == ids), None)
    if reason is None:
        return [voice.say("rounds.who", person=person(other)), voice.say("rounds.question.strangers")]
    side = "asker" if reason["asker"] == reader.id else "helper"
    values = dict(reason["values"])
    if "field" in values:
        values["field"] = voice.plain(f"field.{values['field']}")
    why = voice.say(f"rounds.reason.{reason['key']}.{side}", name=tidy(other.name), **values)
    return [voice.say("rounds.who", person=person(other)), why, voice.say(f"rounds.question.{reason['key']}")]


def left_out(voice: Voice, *, community: str) -> Outgoing:
    """Nobody was found this time."""
    return Outgoing(voice.say("rounds.left_out", community=community))


def rest(voice: Voice, *, community_id: int, community: str) -> Outgoing:
    """Silent for three rounds: out, and one tap back in."""
    return Outgoing(voice.say("rounds.rest", community=community), [[_button(voice, RoundAction.JOIN, community_id)]])
