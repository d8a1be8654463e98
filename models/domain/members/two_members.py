"""Which two members a line of an admin's means: "@mia, Bob"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members import consent
from models.tables.member import Member

# Between two names; words only where nothing else parts them, since they stand in names, too.
_SIGNS = re.compile(r"\s*[,，、;；&+\n]\s*|(?:\s+and\s+|\s*[和与跟]\s*|\s+)(?=@)", re.IGNORECASE)
_WORDS = re.compile(r"\s+and\s+|\s*[和与跟]\s*", re.IGNORECASE)

Refusal = Literal["not_two", "nobody", "several", "the_same", "too_many", "taken"]


class PairRefused(ValueError):
    """Nothing was decided about two members; `code` says why, `words` which name or number it is about."""

    def __init__(self, code: Refusal, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


async def find(session: AsyncSession, community_id: int, line: str) -> tuple[Member, Member]:
    """The two, each by handle, else by whole name, else by first name. Raises PairRefused.

    Found is who is there and lets what they write be kept.
    """
    names = names_in(line)
    if len(names) != 2:
        raise PairRefused("not_two")
    here = await consent.members_on_record(session, community_id)
    members = list(await session.scalars(select(Member).where(is_one_of(Member.id, here)).order_by(Member.id)))
    one, other = (_owner_of_name(name, members) for name in names)
    if one is other:
        raise PairRefused("the_same")
    return one, other


def names_in(line: str) -> list[str]:
    """The names that a line parts, in order."""
    names = [name for name in _SIGNS.split(line.strip()) if name]
    if len(names) == 1:
        names = [name for name in _WORDS.split(names[0]) if name]
    return names


def _owner_of_name(name: str, members: Sequence[Member]) -> Member:
    words = " ".join(name.split()).casefold()
    if words.startswith("@"):
        matches = [one for one in members if (one.handle or "").casefold() == words[1:]]
    else:
        matches = [one for one in members if _plain(one) == words] or [
            one for one in members if _plain(one).split(" ")[0] == words
        ]
    if not matches:
        raise PairRefused("nobody", name)
    if len(matches) > 1:
        raise PairRefused("several", name)
    return matches[0]


def _plain(member: Member) -> str:
    return " ".join(member.name.split()).casefold()
