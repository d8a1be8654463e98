"""Communities: what was heard there so far, and whether their chats are set up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.members.learners import learners
from models.tables.community import GROUPS, Chat, Community
from models.tables.member import PRESENT, Member, Membership, Presence
from models.tables.message import Message, Reaction


@dataclass(frozen=True)
class Inspection:
    """What Telegram says of our rights in one chat."""

    is_admin: bool = False
    reads_everything: bool = False
    missing_updates: tuple[str, ...] = ()
    is_supergroup: bool = False
    can_pin: bool = False
    # Everybody in the chat, bots included; None where Telegram did not say.
    n_there: int | None = None
    # Telegram's own words when it could not be asked.
    problem: str | None = None


@dataclass(frozen=True)
class HeardCounts:
    """Counts of one chat and its community."""

    n_messages: int
    n_reactions: int
    n_members: int
    n_learning: int


# Below a fifth of the members (but at most this many), what a digest lacks is consent rather than news.
FEW_YESES = 10
# In a community's settings: people in its chat as Telegram last counted them; many of them never wrote.
N_PEOPLE = "n_people"
# Chats of one community in which somebody is looked for.
MOST_ASKED = 5


@dataclass(frozen=True)
class Willingness:
    """How many people of a community may be learned from; nothing of the others is ever shown to anybody."""

    n_yes: int
    n_members: int

    @property
    def is_thin(self) -> bool:
        """Whether so few said yes that there is little to show, however much is said."""
        return self.n_yes < self.n_members and self.n_yes < min(FEW_YESES, max(3, self.n_members / 5))


async def willingness(session: AsyncSession, community_id: int) -> Willingness:
    """People who are in the community, and those of them who said yes to learning."""
    people = (
        select(func.count(Membership.id))
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.community_id == community_id, Membership.left_at.is_(None), Member.is_bot.is_(False))
    )
    n_heard = await session.scalar(people) or 0
    settings = await session.scalar(select(Community.settings).where(Community.id == community_id)) or {}
    return Willingness(len(await learners(session, community_id)), max(n_heard, settings.get(N_PEOPLE, 0)))


async def note_count(session: AsyncSession, community: Community, chat_id: int, n_there: int) -> None:
    """Keep how many people Telegram counts in the chat: all but the bots, of whom we ourselves are one."""
    bots = (
        select(func.count(Presence.id))
        .join(Member, Member.id == Presence.member_id)
        .where(Presence.chat_id == chat_id, Presence.status.in_(PRESENT), Member.is_bot.is_(True))
    )
    # We hear of ourselves as of other bots only where we are administrators.
    n_people = n_there - max(await session.scalar(bots) or 0, 1)
    community.settings = {**community.settings, N_PEOPLE: n_people}


async def heard_so_far(session: AsyncSession, chat_id: int) -> HeardCounts:
    """Messages and reactions of the chat; people of its community, and how many said yes to learning."""
    chat = await session.get_one(Chat, chat_id)
    in_chat = Message.chat_id == chat_id
    reactions = select(func.count(Reaction.id)).join(Message, Message.id == Reaction.message_id).where(in_chat)
    willing = await willingness(session, chat.community_id) if chat.community_id else Willingness(0, 0)
    return HeardCounts(
        n_messages=await session.scalar(select(func.count(Message.id)).where(in_chat)) or 0,
        n_reactions=await session.scalar(reactions) or 0,
        n_members=willing.n_members,
        n_learning=willing.n_yes,
    )


async def where_unknown(session: AsyncSession, telegram_id: int, community_id: int) -> list[Chat]:
    """The community's groups, to ask Telegram about somebody who is no member as far as we know; [] for a member."""
    where_known = (
        select(Membership.id)
        .join(Member, Member.id == Membership.member_id)
        .where(Member.telegram_id == telegram_id, Membership.community_id == community_id, Membership.left_at.is_(None))
    )
    if await session.scalar(where_known) is not None:
        return []
    here = (Chat.community_id == community_id, Chat.kind.in_(GROUPS), Chat.gone_at.is_(None))
    return list(await session.scalars(select(Chat).where(*here).order_by(Chat.id).limit(MOST_ASKED)))
