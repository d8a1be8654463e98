"""A personal digest in words: few lines, each with its reasons, numbered for the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.links import message_link
from bot.messages import controls, times
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from models.domain.digests.feedback import Shown
from models.domain.digests.items import Address, Digest, EventFacts, Item, Reason
from models.domain.members.communities import Willingness
from models.tables.recommendation import Recommendation

# Characters of a member's own words that are quoted.
QUOTED = 120
# Reasons told under an item; the rest is for /why.
TOLD = 2
OF_AUTHOR = ("answered_author", "author_answered_you")


def digest(voice: Voice, digest: Digest, rows: Sequence[Recommendation], *, community: str) -> Outgoing:
    """The whole message; `rows` are the recommendations of its items, in order."""
    notes = [voice.say("digests.cold")] if digest.is_cold else []
    notes += [voice.say("digests.only_one")] if len(digest.items) == 1 else []
    items = [_item(voice, number, item) for number, item in enumerate(digest.items, start=1)]
    title = voice.say("digests.title", community=community)
    parts = lines(title, *notes), *items, voice.say("digests.footer")
    return Outgoing(Safe("\n\n".join(parts)), controls.numbers(voice, [(row.id, None) for row in rows]))


def quiet(voice: Voice, willing: Willingness, *, community: str) -> Outgoing:
    """Asked for, and nothing good enough there: because little happens, or because hardly anybody lets it be shown."""
    if willing.is_thin:
        return Outgoing(
            voice.say("digests.few_yeses", community=community, yes=willing.n_yes, members=willing.n_members)
        )
    return Outgoing(voice.say("digests.quiet", community=community))


def open_in_private(voice: Voice, *, link: str) -> Outgoing:
    """/digest in a group: personal answers never land there."""
    button = Button(voice.plain("digests.open"), url=link)
    return Outgoing(voice.say("digests.in_private"), [[button]])


def reason(voice: Voice, told: Mapping[str, Any], *, section: str = "digests") -> Safe:
    """One reason as a part of a sentence, from its data; invitations keep theirs in a section of their own."""
    return voice.say(f"{section}.reason.{told['key']}", **told["values"])


def why(voice: Voice, shown: Sequence[Shown], *, learned_until: datetime | None, section: str = "digests") -> Outgoing:
    """The reasons of what was shown, and what each was taken from."""
    parts = [voice.say("digests.why_title")]
    for one in shown:
        words = shortened(one.words) if one.words else voice.plain("digests.gone")
        told = [_why_reason(voice, reason_, section) for reason_ in one.row.reasons]
        chance = voice.say("digests.why_explored") if one.row.source == "exploration" else None
        parts.append(lines(voice.say("digests.why_item", number=one.number, text=words), *told, chance))
    chosen_by = "rules" if learned_until is None else "model"
    until = "" if learned_until is None else times.day(voice, learned_until)
    parts.append(voice.say(f"digests.why_chosen_by.{chosen_by}", day=until))
    return Outgoing(Safe("\n\n".join(parts)))


def shortened(text: str) -> str:
    """The first words of a message, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= QUOTED:
        return line
    cut = line[: QUOTED - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[QUOTED // 2 :] else cut).rstrip(" ,.;:，。；：") + "…"


def _why_reason(voice: Voice, told: Mapping[str, Any], section: str) -> Safe:
    said = reason(voice, told, section=section)
    key = f"{section}.data.{told['key']}"
    if not voice.has(key):
        return Safe(f"• {said}")
    return voice.say("digests.why_reason", reason=said, data=voice.say(key))


def _item(voice: Voice, number: int, item: Item) -> Safe:
    """What it says, then who and why: what ties the reader to its author stands next to the name."""
    facts, told = item.facts, item.reasons[:TOLD]
    head = _head(voice, number, facts.kind, shortened(facts.text), facts.address)
    if not isinstance(facts, EventFacts):
        known = next((one for one in told if one.key in OF_AUTHOR), None)
        by = voice.say("digests.author", author=facts.author_name)
        if known:
            reason_ = _short(voice, known)
            by = voice.say("digests.known_author", author=facts.author_name, reason=reason_)
        return lines(head, _joined([by, *(_short(voice, one) for one in told if one is not known)]))
    when = times.when(voice.on_clock(facts.time_zone), facts.starts_at)
    place = [voice.say("digests.place", place=facts.place)] if facts.place else []
    return lines(head, _joined([when, *place, *(_short(voice, one) for one in told)]))


def _joined(parts: Sequence[Safe]) -> Safe:
    return Safe(" · ".join(parts))


def _short(voice: Voice, told: Reason) -> Safe:
    """A reason in as few words as are true; /why has it in full."""
    key = f"digests.short.{told.key}"
    return voice.say(key if voice.has(key) else f"digests.reason.{told.key}", **told.values)


def _head(voice: Voice, number: int, kind: str, text: str, address: Address | None) -> Safe:
    told_id = address.telegram_message_id if address else None
    link = message_link(address.telegram_chat_id, told_id, handle=address.handle) if address and told_id else None
    if link:
        return voice.say(f"digests.{kind}", number=number, text=text, link=link)
    chat = address.chat_title if address else ""
    return voice.say(f"digests.{kind}_without_link", number=number, text=text, chat=chat)
