from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import drafts
from models.domain.sending.deliveries import queue
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event
from tests.factories import make_chat, make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after", "hours_later", "is_corrected"),
    [
        ("Demo night", "Demo night", 1, True),  # another time
        ("Demo nihgt", "Demo night", 1, True),  # a slip of the hand
        ("Demo night", "Demo evening", 0, True),  # a better name
        ("读书会", "春日读书会", 0, True),
        ("Demo night", "Breakfast", 1, False),
        ("Demo night", "Breakfast", 0, False),  # two at one time
        ("Yoga for beginners", "Yoga for experts", 24, False),  # a programme
        ("读书会", "撸串", 0, False),
    ],
)
def test_a_line_written_again_is_told_from_another_event(
    before: str, after: str, hours_later: int, is_corrected: bool
) -> None:
    old, new = (
        Event(title=title, starts_at=NOW + HOUR * hours) for title, hours in ((before, 0), (after, hours_later))
    )

    assert drafts.is_corrected_by(old, new) == is_corrected


async def _said(session: AsyncSession, text: str, **to: int) -> Delivery:
    delivery = await queue(session, DeliveryKind.REPLY, now=NOW, payload={"text": text}, **to)  # type: ignore[arg-type]
    assert delivery is not None
    return delivery


async def test_what_waits_for_a_host_is_theirs_in_that_place_and_open(database: Database) -> None:
    async with database.transaction() as session:
        community, chat = await make_community(session), await make_chat(session)
        ana, jo = await make_member(session), await make_member(session)
        own, other, out = [
            await make_event(session, community, host_id=host.id, status=status)
            for host, status in ((ana, "draft"), (jo, "draft"), (ana, "published"))
        ]
        nobodys = await make_event(session, community, status="draft")
        here = {"chat_id": chat.id}
        for text, event, author, to in (
            ("question", None, ana, here),
            ("preview", own, ana, here),
            ("in private", own, ana, {"member_id": ana.id}),
            ("another's", other, jo, here),
            ("published", out, ana, here),
            ("anonymous", nobodys, None, here),
            ("anonymous question", None, None, here),
        ):
            shown = await _said(session, text, **to)
            drafts.remember(shown, event, author_id=author.id if author else None)
        aside = await _said(session, "aside", **here)
        drafts.remember(aside, own, author_id=ana.id, how=drafts.ASIDE)
        await session.flush()

        found = [
            [one.delivery.payload["text"] for one in await drafts.standing(session, author, **place)]  # type: ignore[index]
            for author, place in ((ana.id, here), (ana.id, {"member_id": ana.id}), (jo.id, here), (None, here))
        ]
        n_previews = len(await drafts.previews_of(session, own.id))

    assert found == [["question", "preview"], ["in private"], ["another's"], ["anonymous", "anonymous question"]]
    assert n_previews == 3
