"""Small logs for tests: name only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np

from models.learning.dataset import CommunityLog, ItemKind, Messages
from models.learning.history import History
from models.learning.synthetic import Truth, invent
from models.learning.text import TextSpace

MIDNIGHT = 1_735_689_600.0
HOUR = 3600.0


def make_log(
    *lines: tuple[int, float, str], reply_to: dict[int, int] | None = None, mentions: dict[int, int] | None = None
) -> CommunityLog:
    """Messages (member, hours after midnight, text) in one chat; reply_to and mentions by message index."""
    n, replies, named = len(lines), reply_to or {}, mentions or {}
    return CommunityLog(
        messages=Messages(
            member=np.array([member for member, _, _ in lines], np.int64),
            at=np.array([MIDNIGHT + hours * HOUR for _, hours, _ in lines]),
            chat=np.zeros(n, np.int64),
            topic=np.full(n, -1),
            reply_to=np.array([replies.get(i, -1) for i in range(n)], np.int64),
            item_id=np.arange(n) + 500,
            text=tuple(text for _, _, text in lines),
            mentioning=np.array(list(named), np.int64),
            mentioned_member=np.array(list(named.values()), np.int64),
        )
    )


def only(log: CommunityLog, members: Iterable[int]) -> CommunityLog:
    """What these members did to each other, as if nobody else had been there."""
    allowed = np.unique(np.fromiter(members, np.int64))
    log = log.where(lambda table: np.isin(table.member, allowed))
    named = np.isin(log.messages.mentioned_member, allowed)
    about_others = (log.feedback.item_kind == ItemKind.MEMBER) & ~np.isin(log.feedback.item_id, allowed)
    messages = replace(
        log.messages, mentioning=log.messages.mentioning[named], mentioned_member=log.messages.mentioned_member[named]
    )
    return replace(log, messages=messages, feedback=log.feedback.take(~about_others))


@cache
def invented(seed: int = 7) -> tuple[CommunityLog, Truth, History]:
    """One invented community for the slow tests; its words are learnt from the first seven of ten weeks."""
    log, truth = invent(np.random.default_rng(seed), n_members=80, n_weeks=10)
    space = TextSpace.fit(log.before(MIDNIGHT + 7 * 7 * 24 * HOUR).messages.text, n_directions=64)
    return log, truth, History.of(log, space)
