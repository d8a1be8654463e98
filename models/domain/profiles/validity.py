"""Whether lines of profiles that a push rests on still stand when it leaves: the check for the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members.learners import learners
from models.domain.members.own_words import own_words
from models.domain.profiles.profiles import STANDING
from models.domain.sending.checks import Checks
from models.tables.community import Chat
from models.tables.message import Message
from models.tables.profile import ProfileFact


def stands(fact_id: int) -> str:
    """The claim that a member stands by this line."""
    return f"stands:{fact_id}"


async def still_stand(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether none of these lines was removed, or went with a no."""
    ids = {int(one) for one in targets}
    query = select(func.count(ProfileFact.id)).where(is_one_of(ProfileFact.id, ids), ProfileFact.state.in_(STANDING))
    return await session.scalar(query) == len(ids)


def says(message_id: int, text: str) -> str:
    """The claim that a message of the reader stands as it was read."""
    return f"says:{message_id}:{_digest(text)}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


async def still_say(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each MESSAGE:WORDS of the reader is still there, in those words."""
    told = {int(message_id): words for message_id, _, words in (target.partition(":") for target in targets)}
    query = select(Message).where(
        is_one_of(Message.id, told), Message.member_id == reader_id, Message.deleted_at.is_(None)
    )
    messages = list(await session.scalars(query))
    own = await own_words(session, messages, await _learners_of(session, messages))
    return {one: _digest(text) for one, text in own.items()} == told


async def _learners_of(session: AsyncSession, messages: Collection[Message]) -> set[int]:
    """Everybody who may be named in these, which are of one community."""
    query = select(Chat.community_id).where(is_one_of(Chat.id, {one.chat_id for one in messages}))
    return set().union(*[await learners(session, one) for one in await session.scalars(query) if one is not None])


CHECKS: Checks = {"stands": still_stand, "says": still_say}
