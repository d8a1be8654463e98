"""A personal digest in words: few lines, each with its reasons, numbered for the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.links import message_link
from bot.messages import controls
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Texts
from models.domain.digest_items import Address, Digest, EventFacts, Item
from models.tables.recommendation import Recommendation

# Characters of a member's own words that are quoted.
QUOTED = 120


def digest(
    texts: Texts, language: str, digest: Digest, rows: Sequence[Recommendation], *, community: str, zone: ZoneInfo
) -> Outgoing:
    """The whole message; `rows` are the recommendations of its items, in order."""
    notes = [texts.say(language, "digests.cold")] if digest.is_cold else []
    notes += [texts.say(language, "digests.only_one")] if len(digest.items) == 1 else []
    items = [_item(texts, language, number, item, zone) for number, item in enumerate(digest.items, start=1)]
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


def reason(texts: Texts, language: str, told: Mapping[str, Any]) -> Safe:
    """One reason as a sentence's part, from its data."""
    return texts.say(language, f"digests.reason.{told['key']}", **told["values"])


def why(
    texts: Texts, language: str, items: Sequence[tuple[int, str | None, Recommendation]], *, learned_until: str | None
) -> Outgoing:
    """The reasons of items (number, opening words, row) and what each was taken from."""
    parts = [texts.say(language, "digests.why_title")]
    for number, text, row in items:
        words = shortened(text) if text else texts.plain(language, "digests.gone")
        told = [_why_reason(texts, language, one) for one in row.reasons]
        chance = texts.say(language, "digests.why_explored") if row.source == "exploration" else None
        parts.append(lines(texts.say(language, "digests.why_item", number=number, text=words), *told, chance))
    chosen_by = "model" if learned_until else "rules"
    parts.append(texts.say(language, f"digests.why_chosen_by.{chosen_by}", day=learned_until or ""))
    return Outgoing(Safe("\n\n".join(parts)))


def shortened(text: str) -> str:
    """The first words of a message, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= QUOTED:
        return line
    cut = line[: QUOTED - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[QUOTED // 2 :] else cut).rstrip(" ,.;:，。；：") + "…"


def _why_reason(texts: Texts, language: str, told: Mapping[str, Any]) -> Safe:
    data = texts.say(language, f"digests.data.{told['key']}")
    return texts.say(language, "digests.why_reason", reason=reason(texts, language, told), data=data)


def _item(texts: Texts, language: str, number: int, item: Item, zone: ZoneInfo) -> Safe:
    facts = item.facts
    told = Safe(" · ".join(reason(texts, language, one.as_json()) for one in item.reasons))
    head = _head(texts, language, number, facts.kind, shortened(facts.text), facts.address)
    if not isinstance(facts, EventFacts):
        under = texts.say(language, "digests.under_thread", author=facts.author_name, reasons=told)
    else:
        key = "digests.under_event_at" if facts.place else "digests.under_event"
        when = _when(language, facts.starts_at, zone)
        under = texts.say(language, key, when=when, place=facts.place or "", reasons=told)
    return lines(head, under)


def _head(texts: Texts, language: str, number: int, kind: str, text: str, address: Address | None) -> Safe:
    told_id = address.telegram_message_id if address else None
    link = message_link(address.telegram_chat_id, told_id, handle=address.handle) if address and told_id else None
    if link:
        return texts.say(language, f"digests.{kind}", number=number, text=text, link=link)
    chat = address.chat_title if address else ""
    return texts.say(language, f"digests.{kind}_without_link", number=number, text=text, chat=chat)


def _when(language: str, at: datetime, zone: ZoneInfo) -> Safe:
    """Shown in the reader's own zone where the client can; the fallback is in the zone they chose."""
    local = at.astimezone(zone)
    if language == "zh":
        plain = f"{local.month}月{local.day}日 周{'一二三四五六日'[local.weekday()]} {local:%H:%M}"
    else:
        plain = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"
    return Safe(f'<tg-time unix="{int(at.timestamp())}" format="wDt">{plain}</tg-time>')


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
