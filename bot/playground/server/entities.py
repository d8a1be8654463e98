"""Entities that Telegram finds by itself in a text: commands, mentions, hashtags, links, e-mail addresses.

Offsets and lengths are UTF-16 code units. Not found: phone numbers, bank cards, cashtags and domains of unlisted
endings written without a scheme (the real server knows every ending).
"""

import re

from bot.playground.server.snapshots import Json

# Bare domains count as links only with one of these endings.
ENDINGS = "com|org|net|io|dev|app|ai|co|me|info|edu|gov|de|fr|uk|eu|cn|ru|es|it|nl|ch|at|pl|in|jp|us|tv|xyz|cafe"
PATTERNS = (
    ("email", re.compile(r"(?<![\w.+@/-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")),
    ("url", re.compile(r"(?<![\w@/])(?:https?|ftp|tg)://[^\s<>\"'\u201c\u201d\uff0c\u3002]+", re.IGNORECASE)),
    (
        "url",
        re.compile(
            rf"(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+(?:{ENDINGS})\b(?![\w@-])(?:[/?#][^\s<>\"\u3002]*)?", re.IGNORECASE
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}")),
)
# One quick look tells most chat lines have nothing to find.
WORTH_A_LOOK = re.compile(r"[@/#.]")
# Text inside these is shown literally or already leads somewhere.
OPAQUE = frozenset({"pre", "code", "text_link", "text_mention", "custom_emoji", "date_time"})

# Which of two entities over the same text comes first: the smaller (TDLib MessageEntity::get_type_priority); else 50.
PRIORITIES = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


def in_order(entities: list[Json]) -> list[Json]:
    """Entities as Telegram orders them: by beginning, the longer first, then by kind."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], PRIORITIES.get(one["type"], 50)))


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` an entity covers."""
    units = text.encode("utf-16-le")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def find_entities(text: str, marked_entities: list[Json] | None = None) -> list[Json]:
    """All entities of a text: the given ones and those found outside of opaque ones, ordered by offset."""
    entities = list(marked_entities or [])
    if WORTH_A_LOOK.search(text):
        spans = [_span(entity) for entity in entities if entity["type"] in OPAQUE]
        for kind, pattern in PATTERNS:
            for match in pattern.finditer(text):
                entity = _entity(kind, text, match)
                if not any(_overlap(_span(entity), span) for span in spans):
                    spans.append(_span(entity))
                    entities.append(entity)
    return in_order(entities)


def _entity(kind: str, text: str, match: re.Match[str]) -> Json:
    words = match.group().rstrip(".,;:!?)]}'\u2026") if kind == "url" else match.group()
    return {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(words)}


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
