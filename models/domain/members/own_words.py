"""What learners said in their own words: no forwards, and nobody named in them who did not agree to it.

Everything that learns from texts, counts words in them or quotes them reads them here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, keys_of_session
from models.tables.member import Member
from models.tables.message import Message, Sender, Tie

_HANDLE = re.compile(r"(?<!\w)@([A-Za-z][A-Za-z0-9_]{3,31})(?!\w)")
# Stands where somebody was named.
SOMEBODY = "@…"
# The columns that `own_words` needs of a message; to be chosen together with its id.
COLUMNS = (Message.text, Message.details, Message.is_forward)


class Written(Protocol):
    """A row with these columns."""

    @property
    def id(self) -> int: ...  # noqa: D102  # the columns of Message
    @property
    def text(self) -> str | None: ...  # noqa: D102
    @property
    def details(self) -> Any: ...  # noqa: D102
    @property
    def is_forward(self) -> bool: ...  # noqa: D102


class NamedInText(NamedTuple):
    """Who a text names where, in UTF-16 units: a Telegram id or a handle; neither, where an export tells only the name."""

    start: int
    end: int
    telegram_id: int | None = None
    handle: str | None = None


def written_by(author_ids: Collection[int]) -> ColumnElement[bool]:
    """Messages that count: said by one of these members as themselves, to people rather than a bot, and not deleted."""
    return and_(
        is_one_of(Message.member_id, author_ids),
        Message.sender == Sender.MEMBER,
        Message.deleted_at.is_(None),
        Message.tie.is_distinct_from(Tie.ASIDE.value),
        ~Message.kind.startswith("service:"),
    )


async def own_words(session: AsyncSession, rows: Iterable[Written], learners: Collection[int]) -> dict[int, str]:
    """The words of each message of a learner, by its id; `rows` are learners' only.

    Criteria: a forward holds somebody else's words and is left out; whoever is named by handle or by id and is no learner
    is replaced by SOMEBODY (also a handle of whom we know nothing: it may be theirs).
    """
    texts: dict[int, str] = {}
    named_in: dict[int, list[NamedInText]] = {}
    for row in rows:
        if row.text and not row.is_forward:
            texts[row.id] = row.text
            if mentions := [*mentions_in(row.text, row.details)]:
                named_in[row.id] = mentions
    may_be_named = await _may_be_named(session, named_in.values(), learners)
    keys = keys_of_session(session)
    for message_id, mentions in named_in.items():
        strangers = [
            one
            for one in mentions
            if (keys.lookup_hash(one.handle) if one.handle else one.telegram_id) not in may_be_named
        ]
        texts[message_id] = _without(texts[message_id], strangers)
    return texts


def mentions_in(text: str, details: Any) -> Iterator[NamedInText]:
    """Everybody a text names, by handle or by id; a name may come twice."""
    if "@" in text:
        for match in _HANDLE.finditer(text):
            start = _units(text[: match.start()])
            yield NamedInText(start, start + _units(match[0]), handle=match[1])
    parts = details if isinstance(details, dict) else {}
    for entity in [*(parts.get("entities") or ()), *(parts.get("caption_entities") or ())]:
        if entity.get("type") == "text_mention":
            start, user = int(entity.get("offset", 0)), entity.get("user") or {}
            yield NamedInText(start, start + int(entity.get("length", 0)), user.get("id"))


async def _may_be_named(
    session: AsyncSession, mentions_of: Iterable[Iterable[NamedInText]], learners: Collection[int]
) -> set[int | str]:
    """Telegram ids and hashes of handles of those who are named and are learners."""
    mentions = [one for of in mentions_of for one in of]
    if not mentions:
        return set()
    keys = keys_of_session(session)
    ids = {one.telegram_id for one in mentions if one.telegram_id is not None}
    hashes = {keys.lookup_hash(one.handle) for one in mentions if one.handle}
    query = select(Member.id, Member.telegram_id, Member.handle_hash).where(
        or_(is_one_of(Member.telegram_id, ids), is_one_of(Member.handle_hash, hashes))
    )
    rows = [row for row in await session.execute(query) if row.id in learners]
    return {row.telegram_id for row in rows} | {row.handle_hash for row in rows if row.handle_hash}


def _without(text: str, mentions: Iterable[NamedInText]) -> str:
    # Offsets count UTF-16 units: two bytes each in this encoding.
    units, text_left, position = text.encode("utf-16-le", "surrogatepass"), b"", 0
    for one in sorted(mentions, key=lambda one: one.start):
        # A handle that is marked as a name, too, is one name.
        if one.start >= position:
            text_left += units[2 * position : 2 * one.start] + SOMEBODY.encode("utf-16-le")
        position = max(position, one.end)
    return (text_left + units[2 * position :]).decode("utf-16-le", "replace")


def cut(text: str, details: Any, mentions: Collection[NamedInText]) -> tuple[str, Any]:
    """A text with SOMEBODY in the place of these mentions, and its details with entities that fit the new text."""
    if not mentions:
        return text, details
    parts = details if isinstance(details, dict) else {}
    fitted = {
        name: [moved for one in parts[name] if (moved := _move(one, mentions))]
        for name in ("entities", "caption_entities")
        if isinstance(parts.get(name), list)
    }
    return _without(text, mentions), {**parts, **fitted} if isinstance(details, dict) else details


def _move(entity: dict[str, Any], mentions: Iterable[NamedInText]) -> dict[str, Any] | None:
    """Where an entity stands afterwards; None for what is cut out."""
    start, end = int(entity.get("offset", 0)), int(entity.get("offset", 0)) + int(entity.get("length", 0))
    spans = sorted({(one.start, one.end) for one in mentions})
    if any(one_start <= start and end <= one_end for one_start, one_end in spans):
        return None
    new_start, new_end = _place_of(start, spans), _place_of(end, spans)
    return {**entity, "offset": new_start, "length": new_end - new_start}


def _place_of(position: int, spans: Iterable[tuple[int, int]]) -> int:
    moved, reached = position, 0
    for start, end in spans:
        if start >= reached and end <= position:
            moved += _units(SOMEBODY) - (end - start)
        reached = max(reached, end)
    return moved


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
