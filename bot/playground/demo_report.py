"""What `klatch demo` prints: how far the weeks are, the first digest as it leaves, then what somebody got, with its reasons."""

from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import indent
from typing import TextIO

from sqlalchemy import select

from bot.texts import Texts
from models.database import Database
from models.domain.member_time import zone_of
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.member import Member

_TAG = re.compile(r"<[^>]+>")
RULE = "─" * 72
KINDS = {"digest": "A digest", "invite": "An invitation", "people_to_meet": "People to meet"}


class Progress:
    """One line that is written over; a line a day where lines stay (a pipe, a log)."""

    def __init__(self, out: TextIO | None) -> None:
        self._out = out or sys.stdout
        self._is_screen = self._out.isatty()
        self._day: date | None = None
        print(
            "A week of an invented founders' community is replayed; it takes some seconds ...",
            file=self._out,
            flush=True,
        )

    def show(self, now: datetime) -> None:
        """The simulated instant that was reached."""
        if self._is_screen:
            self._out.write(f"\r  {now:%a %d %b, %H:%M} ")
        elif now.date() != self._day:
            self._day = now.date()
            self._out.write(f"  {now:%a %d %b}\n")
        self._out.flush()

    def end(self) -> None:
        """The line is done."""
        if self._is_screen:
            self._out.write("\r" + " " * 20 + "\r")


class FirstDigest:
    """Prints the week's first digest when it has left, and never again: whoever waits has something to read meanwhile."""

    def __init__(self, database: Database, progress: Progress, out: TextIO | None) -> None:
        self._database, self._progress, self._out = database, progress, out
        self._is_told = False

    async def tell_once_it_left(self) -> None:
        """Look for it; costs nothing when it was told."""
        push = None if self._is_told else await _best(self._database, "digest")
        if push is not None:
            self._is_told = True
            self._progress.end()
            _print(f"The first digest, for {push.reader}", push, self._out)
            print(f"{RULE}\nThe week goes on ...", file=self._out, flush=True)


@dataclass(frozen=True)
class BestPush:
    """One message somebody got in private."""

    kind: str
    reader: str
    at: datetime
    text: str


async def tell_what_came(database: Database, texts: Texts, address: str, out: TextIO | None = None) -> None:
    """Print the newest message of each kind that has most to say, and what to try next."""
    for kind, name in KINDS.items():
        rows = await _best(database, kind)
        if rows is not None:
            _print(f"{name} for {rows.reader}", rows, out)
    print(
        f"{RULE}\nTime now runs on. Chat as any member at {address}, or let another week pass there.",
        file=out,
        flush=True,
    )


def _print(title: str, push: BestPush, out: TextIO | None) -> None:
    print(f"{RULE}\n{title}, {push.at:%A %d %B, %H:%M}\n", file=out)
    print(indent(push.text, "  ") + "\n", file=out)


async def _best(database: Database, kind: str) -> BestPush | None:
    """Of the newest day, the one with most reasons, in the installation's own language if there is one."""
    query = (
        select(Delivery, Member, Community)
        .join(Member, Member.id == Delivery.member_id)
        .join(Community, Community.id == Delivery.community_id)
        .where(Delivery.kind == kind, Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at.desc())
        .limit(30)
    )
    async with database.reading() as session:
        rows = [(row[0], row[1], row[2]) for row in await session.execute(query)]
    if not rows:
        return None
    delivery, member, community = max(rows, key=lambda one: (_is_latin(one[0]), len(one[0].reasons or ())))
    zone = zone_of(member.time_zone, community.time_zone)
    return BestPush(kind, member.name, (delivery.sent_at or delivery.due_at).astimezone(zone), _plain(delivery))


def _is_latin(delivery: Delivery) -> bool:
    return not re.search(r"[\u4e00-\u9fff]{8}", _plain(delivery))


def _plain(delivery: Delivery) -> str:
    """The text without its markup, buttons below as they are labelled."""
    payload = delivery.payload or {}
    text = html.unescape(_TAG.sub("", str(payload.get("text", ""))))
    rows = (payload.get("reply_markup") or {}).get("inline_keyboard", [])
    lines = ["  ".join(f"[ {button['text']} ]" for button in row) for row in rows]
    return "\n".join([text, "", *lines]).rstrip()
