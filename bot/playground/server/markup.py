"""parse_mode HTML, as strict as Telegram's own parser: unknown or unbalanced tags are errors, with byte offsets."""

import html
import re
from dataclasses import dataclass

from bot.playground.server.entities import in_order, utf16_length
from bot.playground.server.errors import ApiError, bad_request
from bot.playground.server.snapshots import Json

PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# The only named references Telegram knows; others stay as they are written.
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


@dataclass(slots=True)
class _Open:
    tag: str
    entity: Json
    start: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text without tags and its entities in UTF-16 units. Raises ApiError 400 "can't parse entities: ..."."""
    text: list[str] = []
    length = position = 0
    stack: list[_Open] = []
    entities: list[Json] = []

    def add(raw: str) -> None:
        nonlocal length
        plain = REFERENCE.sub(lambda match: html.unescape(match.group()), raw)
        text.append(plain)
        length += utf16_length(plain)

    while (start := source.find("<", position)) >= 0:
        add(source[position:start])
        match = TAG.match(source, start)
        offset = len(source[:start].encode())
        if match is None:
            raise _unparsable(_what_is_wrong(source, start, offset))
        closing, tag, attributes = match.group(1), match.group(2).lower(), match.group(3)
        if closing:
            _close(stack, entities, tag, offset, length)
        else:
            stack.append(_Open(tag, _mark_of(tag, _attributes(attributes), offset, stack), length))
        position = match.end()
    add(source[position:])
    if stack:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return "".join(text), _tidy(entities)


def _close(stack: list[_Open], entities: list[Json], tag: str, offset: int, length: int) -> None:
    if not stack:
        raise _unparsable(f"Unexpected end tag at byte offset {offset}")
    mark = stack.pop()
    if mark.tag != tag:
        raise _unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{mark.tag}>", found "</{tag}>"')
    if length > mark.start and mark.entity:
        entities.append({**mark.entity, "offset": mark.start, "length": length - mark.start})


def _mark_of(tag: str, attributes: dict[str, str], offset: int, stack: list[_Open]) -> Json:
    """The entity a start tag begins; empty when it marks nothing (a link without an address)."""
    if tag == "code" and stack and stack[-1].tag == "pre" and "class" in attributes:
        stack[-1].entity["language"] = attributes["class"].removeprefix("language-")
        return {}
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if tag in PLAIN_TAGS:
        return {"type": PLAIN_TAGS[tag]}
    if tag == "a":
        return as_link(attributes.get("href", ""))
    if tag == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if tag == "span":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "tg-time":
        return as_moment(attributes, offset)
    raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {offset}')


def as_link(address: str) -> Json:
    """The entity of a link; tg://user?id=... is a mention, whose person is looked up later; empty without address."""
    mention = re.fullmatch(r"tg://user\?id=(\d+)", address)
    if mention:
        return {"type": "text_mention", "user_id": int(mention.group(1))}
    return {"type": "text_link", "url": address} if address else {}


def as_moment(attributes: dict[str, str], offset: int) -> Json:
    """The date_time entity of a moment with `unix` and perhaps `format`."""
    unix = attributes.get("unix", "")
    if not unix.isdigit():
        raise _unparsable(f'A date_time entity needs a number in "unix" at byte offset {offset}')
    form = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
    return {"type": "date_time", "unix_time": int(unix), **form}


def _attributes(source: str) -> dict[str, str]:
    matches = ATTRIBUTE.findall(source)
    return {name.lower(): html.unescape(value or single or bare) for name, value, single, bare in matches}


def _what_is_wrong(source: str, start: int, offset: int) -> str:
    name = re.match(r"</?([^\s>/]*)", source[start:])
    if ">" not in source[start:]:
        return f"Unclosed start tag at byte offset {offset}"
    return f'Unsupported start tag "{name.group(1) if name else ""}" at byte offset {offset}'


def _tidy(entities: list[Json]) -> list[Json]:
    """Nested duplicates of one kind count once (<b><strong>x</strong></b>); order as Telegram gives it."""
    unique = {(entity["type"], entity["offset"], entity["length"]): entity for entity in entities}
    return in_order(list(unique.values()))


def _unparsable(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
