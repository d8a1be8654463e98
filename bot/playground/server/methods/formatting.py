"""Text as bots send it: parse_mode or entities, trimmed, and within Telegram's lengths after parsing."""

from bot.playground.server.entities import find_entities, utf16_length
from bot.playground.server.errors import bad_request, not_emulated
from bot.playground.server.markdown import parse_markdown
from bot.playground.server.markup import parse_html
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.registry import Call
from bot.playground.server.snapshots import Json
from bot.playground.server.world import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
# Entities of one message beyond this are dropped silently by Telegram; here too.
MAX_ENTITIES = 100
_ENTITY_TYPES_WORDS = """
    mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler
    blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time
"""
ENTITY_TYPES = frozenset(_ENTITY_TYPES_WORDS.split())
ENTITY_NEEDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
ENTITY_EXTRAS = {"url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format"}


def text_fields(
    call: Call, name: str, *, prefix: str = "", limit: int, is_caption: bool = False
) -> tuple[str, list[Json]]:
    """The argument `name` as text and entities; `prefix` begins its parse_mode and entities arguments' names.

    Raises ApiError 400 when it cannot be parsed or is longer than `limit` characters.
    """
    source = call.get(name, "")
    entities_name = "caption_entities" if is_caption else f"{prefix}entities"
    return format_text(
        call.world,
        source,
        mode=call.get(f"{prefix}parse_mode", ""),
        entities=call.get(entities_name),
        limit=limit,
        what="message caption" if is_caption else "message",
    )


def format_text(
    world: World, source: str, *, mode: str, entities: list[Json] | None, limit: int, what: str
) -> tuple[str, list[Json]]:
    """Parsed text without outer blanks and all its entities, found ones included."""
    if "\ud800" <= max(source, default="") <= "\udfff":
        raise bad_request("strings must be encoded in UTF-8")
    source = source.replace("\0", " ")
    text, raw_entities = _parse(source if mode.lower() == "markdownv2" else source.replace("\r", ""), mode, entities)
    text, raw_entities = _trim(text, raw_entities)
    if len(text) > limit:
        raise bad_request(f"{what} is too long")
    entities_kept = [entity_kept for entity in raw_entities if (entity_kept := _resolve(world, entity)) is not None]
    return text, find_entities(text, entities_kept)[:MAX_ENTITIES]


def _parse(source: str, mode: str, entities: list[Json] | None) -> tuple[str, list[Json]]:
    if mode.lower() == "html":
        return parse_html(source)
    if mode.lower() == "markdownv2":
        return parse_markdown(source)
    if mode.lower() == "markdown":
        raise not_emulated(f"parse_mode {mode}")
    if mode:
        raise bad_request("unsupported parse_mode")
    return source, _check(source, entities or [])


def _check(text: str, entities: list[Json]) -> list[Json]:
    """Entities a bot gave by itself, refused when they are not of the specification or outside the text."""
    length = utf16_length(text)
    for entity in entities:
        kind = kind_of(entity, "MessageEntity")
        names = {"type", "offset", "length"} | ({ENTITY_NEEDS[kind]} if kind in ENTITY_NEEDS else set())
        check_fields("MessageEntity", entity, names, ENTITY_EXTRAS)
        if kind not in ENTITY_TYPES:
            raise bad_request(f"can't parse MessageEntity: unsupported type {kind}")
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or end > length or entity["length"] < 0:
            raise bad_request(f"entity beginning at {start} does not fit into the text")
    return [dict(entity) for entity in entities if entity["length"] > 0]


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without blanks at either end; entities move and shrink with the text."""
    core = text.strip()
    if core == text:
        return text, entities
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(core)
    moved_entities = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            moved_entities.append({**entity, "offset": start, "length": stop - start})
    return core, moved_entities


def _resolve(world: World, entity: Json) -> Json | None:
    """A text mention gets its User; one of an unknown person is dropped, as Telegram does."""
    if entity["type"] != "text_mention":
        return entity
    user_id = entity.get("user_id") or entity.get("user", {}).get("id")
    if user_id not in world.accounts:
        return None
    place = {name: entity[name] for name in ("offset", "length")}
    return {"type": "text_mention", **place, "user": dict(world.account(user_id).user)}
