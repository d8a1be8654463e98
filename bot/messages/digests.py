"""A personal digest in words: few lines, each with its reasons, numbered for the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.links import message_link
from bot.messages import controls, times
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Texts
from models.domain.digests.feedback import Shown
from models.domain.digests.items import Address, Digest, EventFacts, Item, Reason
from models.tables.recommendation import Recommendation

# Characters of a member's own words that are quoted.
QUOTED = 120
# Reasons told under an item; the rest is for /why.
TOLD = 2
OF_AUTHOR = ("answered_author", "author_answered_you")


def digest(texts: Texts, language: str, digest: Digest, rows: Sequence[Recommendation], *, community: str) -> Outgoing:
    """The whole message; `rows` are the recommendations of its items, in order."""
    notes = [texts.say(language, "digests.cold")] if digest.is_cold else []
    notes += [texts.say(language, "digests.only_one")] if len(digest.items) == 1 else []
    items = [_item(texts, language, number, item) for number, item in enumerate(digest.items, start=1)]
    title = texts.say(language, "digests.title", community=community)
    parts = lines(title, *notes), *items, texts.say(language, "digests.footer")
    return Outgoing(Safe("\n\n".join(parts)), controls.numbers(texts, language, [(row.id, None) for row in rows]))


def quiet(texts: Texts, language: str, *, community: str) -> Outgoing:
    """Asked for, and nothing good enough there."""
    return Outgoing(texts.say(language, "digests.quiet", community=community))


def open_in_private(texts: Texts, language: str, *, link: str) -> Outgoing:
    """/digest in a group: personal answers never land there."""
    button = Button(texts.plain(language, "digests.open"), url=link)
    return Outgoing(texts.say(language, "digests.in_private"), [[button]])


def reason(texts: Texts, language: str, told: Mapping[str, Any], *, section: str = "digests") -> Safe:
    """One reason as a part of a sentence, from its data; invitations keep theirs in a section of their own."""
    return texts.say(language, f"{section}.reason.{told['key']}", **told["values"])


def why(
    texts: Texts, language: str, shown: Sequence[Shown], *, learned_until: datetime | None, section: str = "digests"
) -> Outgoing:
    """The reasons of what was shown, and what each was taken from."""
    parts = [texts.say(language, "digests.why_title")]
    for one in shown:
        words = shortened(one.words) if one.words else texts.plain(language, "digests.gone")
        told = [_why_reason(texts, language, reason_, section) for reason_ in one.row.reasons]
        chance = texts.say(language, "digests.why_explored") if one.row.source == "exploration" else None
        parts.append(lines(texts.say(language, "digests.why_item", number=one.number, text=words), *told, chance))
    chosen_by = "rules" if learned_until is None else "model"
    until = "" if learned_until is None else times.day(texts, language, learned_until)
    parts.append(texts.say(language, f"digests.why_chosen_by.{chosen_by}", day=until))
    return Outgoing(Safe("\n\n".join(parts)))


def shortened(text: str) -> str:
    """The first words of a message, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= QUOTED:
        return line
    cut = line[: QUOTED - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[QUOTED // 2 :] else cut).rstrip(" ,.;:，。；：") + "…"


def _why_reason(texts: Texts, language: str, told: Mapping[str, Any], section: str) -> Safe:
    said = reason(texts, language, told, section=section)
    key = f"{section}.data.{told['key']}"
    if key not in texts.keys(language):
        return Safe(f"• {said}")
    return texts.say(language, "digests.why_reason", reason=said, data=texts.say(language, key))


def _item(texts: Texts, language: str, number: int, item: Item) -> Safe:
    """What it says, then who and why: what ties the reader to its author stands next to the name."""
    facts, told = item.facts, item.reasons[:TOLD]
    head = _head(texts, language, number, facts.kind, shortened(facts.text), facts.address)
    if not isinstance(facts, EventFacts):
        known = next((one for one in told if one.key in OF_AUTHOR), None)
        by = texts.say(language, "digests.author", author=facts.author_name)
        if known:
            reason_ = _short(texts, language, known)
            by = texts.say(language, "digests.known_author", author=facts.author_name, reason=reason_)
        return lines(head, _joined([by, *(_short(texts, language, one) for one in told if one is not known)]))
    when = times.when(texts, language, facts.starts_at, None, facts.time_zone)
    place = [texts.say(language, "digests.place", place=facts.place)] if facts.place else []
    return lines(head, _joined([when, *place, *(_short(texts, language, one) for one in told)]))


def _joined(parts: Sequence[Safe]) -> Safe:
    return Safe(" · ".join(parts))


def _short(texts: Texts, language: str, told: Reason) -> Safe:
    """A reason in as few words as are true; /why has it in full."""
    key = f"digests.short.{told.key}"
    return texts.say(language, key if key in texts.keys(language) else f"digests.reason.{told.key}", **told.values)


def _head(texts: Texts, language: str, number: int, kind: str, text: str, address: Address | None) -> Safe:
    told_id = address.telegram_message_id if address else None
    link = message_link(address.telegram_chat_id, told_id, handle=address.handle) if address and told_id else None
    if link:
        return texts.say(language, f"digests.{kind}", number=number, text=text, link=link)
    chat = address.chat_title if address else ""
    return texts.say(language, f"digests.{kind}_without_link", number=number, text=text, chat=chat)
