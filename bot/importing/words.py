"""The text of an exported message: its words, whom it names, its links, and its entities in the Bot API's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.importing.kinds import ENTITIES
from models.domain.hearing.facts import Person

# Telegram's own limits: 64 letters each for first and last name; 4,096 for a text, more with premium.
LONGEST_NAME = 129
LONGEST_TEXT = 20_000
_LINKS = frozenset({"link", "text_link"})
# What else an entity says, and what the Bot API calls it.
_MORE = {"href": "url", "language": "language", "document_id": "custom_emoji_id"}


@dataclass(frozen=True, slots=True)
class Words:
    """A text and what is marked in it."""

    text: str | None
    handles: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    n_links: int = 0
    entities: tuple[dict[str, Any], ...] = ()


def words_of(raw: dict[str, Any]) -> Words:
    """Read `text_entities`, or `text` where an older export has only that. Raises TypeError for other shapes."""
    raw_words = raw.get("text_entities") or raw.get("text") or ""
    if isinstance(raw_words, str):
        return Words(raw_words[:LONGEST_TEXT] or None)
    parts = [_part(part) for part in raw_words]
    if len(parts) == 1 and parts[0].get("type") == "plain":
        return Words(parts[0]["text"][:LONGEST_TEXT] or None)
    return _with_entities(parts)


def _part(raw: Any) -> dict[str, Any]:
    if isinstance(raw, str):
        return {"type": "plain", "text": raw}
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise TypeError("a part of a text is none")
    return raw


def _with_entities(parts: list[dict[str, Any]]) -> Words:
    handles: list[str] = []
    people: list[Person] = []
    entities: list[dict[str, Any]] = []
    offset = 0
    for part in parts:
        kind, text = part.get("type"), part["text"]
        length = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
        if kind == "mention" and text.startswith("@"):
            handles.append(text[1:LONGEST_NAME])
        elif kind == "mention_name" and isinstance(part.get("user_id"), int):
            people.append(person_named(part["user_id"], text))
        if kind != "plain":
            entities.append(_entity(part, offset, length))
        offset += length
    text = "".join(part["text"] for part in parts)[:LONGEST_TEXT]
    n_links = sum(part.get("type") in _LINKS for part in parts)
    return Words(text or None, tuple(handles), tuple(people), n_links, tuple(entities))


def _entity(part: dict[str, Any], offset: int, length: int) -> dict[str, Any]:
    """Offsets count UTF-16 units, as the Bot API's do."""
    kind = str(part.get("type"))[:40]
    entity = {"type": ENTITIES.get(kind, kind), "offset": offset, "length": length}
    more = {name: str(part[field])[:2048] for field, name in _MORE.items() if isinstance(part.get(field), str | int)}
    return entity | more


def person_named(number: int, name: Any, *, is_bot: bool = False) -> Person:
    """A person of whom an export tells the name they had when it was made. Raises ValueError for an impossible id."""
    if not 0 < number < 2**52:
        raise ValueError("an id is not one of Telegram's")
    short_name = name.strip()[:LONGEST_NAME] if isinstance(name, str) else ""
    return Person(number, short_name or "?", is_bot=is_bot, is_vague=True)
