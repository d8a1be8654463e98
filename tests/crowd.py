"""Many people at one card: what they press, and what must hold afterwards. For journeys and benchmarks alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import select

from models.database import Database
from models.domain.events.waitlist import line
from models.tables.event import Rsvp
from models.tables.member import Member

# Of ten people six want to come, two may, two cannot.
WISHES = {"✅ Going": 6, "🤔 Maybe": 2, "🚫 Can't": 2}


@dataclass(frozen=True)
class Standing:
    """Who holds which answer, by Telegram id; the waitlist in its order."""

    going: frozenset[int]
    waitlist: tuple[int, ...]
    maybe: frozenset[int]
    not_going: frozenset[int]
    n_others: int = 0

    def shown(self, capacity: int) -> str:
        """The card's line of counts."""
        return f"✅ Going {len(self.going)}/{capacity} · 🤔 Maybe {len(self.maybe)} · ⏳ Waitlist {len(self.waitlist)}"


def wishes(n: int, *, seed: int = 7) -> list[str]:
    """What each of `n` people presses, one after the other."""
    return Random(seed).choices(list(WISHES), list(WISHES.values()), k=n)


def expected(presses: Sequence[tuple[int, str]], capacity: int) -> Standing:
    """What must hold after everybody pressed once, in this order: (Telegram id, button)."""
    of = {button: [who for who, pressed in presses if pressed == button] for button in WISHES}
    wanted = of["✅ Going"]
    return Standing(
        frozenset(wanted[:capacity]),
        tuple(wanted[capacity:]),
        frozenset(of["🤔 Maybe"]),
        frozenset(of["🚫 Can't"]),
    )


async def standing(database: Database) -> Standing:
    """What the rows of the only event say."""
    query: Any = select(Rsvp, Member.telegram_id).join(Member, Member.id == Rsvp.member_id)
    async with database.reading() as session:
        rows = [(rsvp, telegram_id) for rsvp, telegram_id in await session.execute(query)]
    who = {rsvp.id: telegram_id for rsvp, telegram_id in rows}
    of = {status: frozenset(who[one.id] for one, _ in rows if one.status == status) for status in _STATUSES}
    waitlist = tuple(who[one.id] for one in line([one for one, _ in rows]))
    n_others = sum(one.status not in (*_STATUSES, "waitlisted") for one, _ in rows)
    return Standing(of["going"], waitlist, of["maybe"], of["not_going"], n_others)


_STATUSES = ("going", "maybe", "not_going")
