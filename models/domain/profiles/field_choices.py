"""Which fields of work members call theirs, and which not, and from which languages nothing is concluded: it comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, keys_of_session
from models.domain.conversations.own_fields import Choices
from models.encryption import KeyRing
from models.reading.fields import Field, fields_of
from models.tables.profile import ProfileFact, ProfileKind, ProfileState

# What says that an inferred line was not right, in whichever community it was said.
_DENIED = (ProfileState.REMOVED, ProfileState.CORRECTED)


def hash_of(keys: KeyRing, kind: ProfileKind, words: str) -> str:
    """By which what was inferred is known again, also when its words are gone."""
    return keys.lookup_hash(f"profile:{kind}:{words}")


async def field_choices(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, Choices]:
    """The choices of each of these members who made some; what was removed in one community is removed in all."""
    query = select(ProfileFact).where(
        is_one_of(ProfileFact.member_id, member_ids),
        ProfileFact.kind.in_((ProfileKind.FIELD, ProfileKind.LANGUAGE)),
        ProfileFact.state != ProfileState.INFERRED,
        or_(ProfileFact.community_id == community_id, ProfileFact.state.in_(_DENIED)),
    )
    keys = keys_of_session(session)
    by_hash = {hash_of(keys, ProfileKind.FIELD, one.value): one for one in Field}
    own: defaultdict[int, set[Field]] = defaultdict(set)
    removed: defaultdict[int, set[Field]] = defaultdict(set)
    unread: defaultdict[int, set[str]] = defaultdict(set)
    for fact in await session.scalars(query):
        if fact.kind == ProfileKind.LANGUAGE:
            unread[fact.member_id] |= _language_denied(fact, keys)
            continue
        meant = fields_meant(fact) if fact.community_id == community_id else frozenset()
        own[fact.member_id] |= meant
        denied = by_hash.get(fact.inferred_hash or "") if fact.state in _DENIED else None
        if denied is not None and denied not in fields_meant(fact):
            removed[fact.member_id].add(denied)
    return {
        one: Choices(frozenset(own[one]), frozenset(removed[one]), frozenset(unread[one]))
        for one in own.keys() | removed.keys() | unread.keys()
    }


def _language_denied(fact: ProfileFact, keys: KeyRing) -> set[str]:
    """The language that was removed; what was said differently still stands."""
    if fact.state != ProfileState.REMOVED:
        return set()
    from models.learning.languages import LANGUAGES  # a host that starts does without

    return {one for one in ("zh", *LANGUAGES) if hash_of(keys, ProfileKind.LANGUAGE, one) == fact.inferred_hash}


def fields_meant(fact: ProfileFact) -> frozenset[Field]:
    """The fields that a line about one says: the one that was inferred, or those of its own words."""
    if not fact.words or fact.kind != ProfileKind.FIELD:
        return frozenset()
    return frozenset({Field(fact.words)}) if fact.words in set(Field) else fields_of(fact.words)
